import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Alert, Input } from 'antd'
import { type ReactElement, useEffect, useRef, useState } from 'react'
import { type Answer, useAnswer, useChange } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { LadderView } from './ladder-view.tsx'
import { useStrategyTexts } from './strategy-texts.ts'
import { TrialView } from './trial-view.tsx'
import './strategies.css'

type Strategy = Answer<'GET /console-api/strategies/:name'>
type Check = Answer<'POST /console-api/strategies/:name/check'>
const CHECK_MS = 400

/** A draft of a strategy: its text, what is wrong with it and where, how it is drawn, and a trial. */
export function StrategyEditPage(): ReactElement {
  const { name } = useParams({ from: '/shell/strategies/$name/edit' })
  const given = { params: { name } }
  const { data, error, refetch } = useAnswer('GET /console-api/strategies/:name', given)
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  return data === undefined ? <Loading /> : <Editor strategy={data} />
}

function Editor({ strategy }: { strategy: Strategy }): ReactElement {
  const say = useStrategyTexts()
  const { name } = strategy
  const [source, setSource] = useState(strategy.source)
  const check = useCheck(name, source)
  const box = useRef<HTMLTextAreaElement>(null)
  const isWrong = check !== undefined && check.problems.length > 0
  return (
    <div className="page">
      <div className="page-head">
        <h1>{say('editTitle')}</h1>
        <Link to="/strategies/$name" params={{ name }}>
          {say('back')}
        </Link>
      </div>
      <p className="quiet">{say('editLead')}</p>
      <textarea
        ref={box}
        className="source card"
        aria-label={say('source')}
        aria-invalid={isWrong}
        spellCheck={false}
        rows={20}
        value={source}
        onChange={({ target }) => setSource(target.value)}
      />
      <Problems check={check} onGo={(line) => goTo(box.current, line)} />
      <Keep name={name} source={source} reason={reasonOf()} />
      <TrialView name={name} source={source} reason={isWrong ? say('mendFirst') : null} />
      {check?.ladder != null && <LadderView ladder={check.ladder} />}
    </div>
  )

  function reasonOf(): string | null {
    if (source === strategy.source) return say('unchanged')
    if (check === undefined) return say('checking')
    return isWrong ? say('mendFirst') : null
  }
}

/** The server's word on the text, asked when typing rests; undefined until it is there for this very text. */
function useCheck(name: string, source: string): Check | undefined {
  const { mutate, data, variables } = useChange('POST /console-api/strategies/:name/check')
  useEffect(() => {
    const timer = setTimeout(() => mutate({ params: { name }, body: { source } }), CHECK_MS)
    return () => clearTimeout(timer)
  }, [name, source, mutate])
  return variables?.body.source === source ? data : undefined
}

function Problems(props: { check: Check | undefined; onGo: (line: number) => void }): ReactElement {
  const say = useStrategyTexts()
  const { check, onGo } = props
  if (check === undefined) return <p role="status">{say('checking')}</p>
  if (check.problems.length === 0)
    return (
      <p role="status" className="good">
        {say('valid')}
      </p>
    )
  return (
    <section className="card" aria-live="polite" aria-label={say('problems')}>
      <h2 className="bad">{say('problems')}</h2>
      <ul className="stops">
        {check.problems.map(({ line, text }) => (
          <li key={`${line} ${text}`}>
            {line > 0 && (
              <button type="button" onClick={() => onGo(line)}>
                {say('line', { line })}
              </button>
            )}{' '}
            {text}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Keep(props: { name: string; source: string; reason: string | null }): ReactElement {
  const say = useStrategyTexts()
  const { name, source, reason } = props
  const navigate = useNavigate()
  const may = useMay('strategy.edit')
  const [note, setNote] = useState('')
  const keep = useChange('POST /console-api/strategies/:name/drafts', [
    'GET /console-api/strategies/:name',
    'GET /console-api/strategies',
  ])
  const send = async (): Promise<void> => {
    await keep.mutateAsync({ params: { name }, body: { source, note } })
    await navigate({ to: '/strategies/$name', params: { name }, search: { tab: 'drafts' } })
  }
  return (
    <div className="page-head">
      {keep.error !== null && <Alert type="error" showIcon title={keep.error.message} />}
      <Input
        aria-label={say('note')}
        placeholder={say('note')}
        value={note}
        maxLength={1000}
        style={{ width: 320, maxWidth: '100%' }}
        onChange={({ target }) => setNote(target.value)}
      />
      <ActionButton
        type="primary"
        may={may}
        reason={reason ?? (note.trim() === '' ? say('noteFirst') : null)}
        loading={keep.isPending}
        onClick={() => void send().catch(() => undefined)}
      >
        {say('keep')}
      </ActionButton>
    </div>
  )
}

/** Selects a line and brings it into sight. */
function goTo(box: HTMLTextAreaElement | null, line: number): void {
  if (box === null) return
  const rows = box.value.split('\n')
  const start = rows.slice(0, line - 1).reduce((sum, row) => sum + row.length + 1, 0)
  box.focus()
  box.setSelectionRange(start, start + (rows[line - 1]?.length ?? 0))
  box.scrollTop = (box.scrollHeight / rows.length) * Math.max(0, line - 4)
}
