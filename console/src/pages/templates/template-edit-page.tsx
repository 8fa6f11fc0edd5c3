import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Alert, Input } from 'antd'
import { type ReactElement, useEffect, useState } from 'react'
import { type Answer, useAnswer, useChange } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { useTemplateTexts } from './template-texts.ts'
import { VariantView } from './variant-view.tsx'
import './templates.css'

type Template = Answer<'GET /console-api/templates/:id'>
type Check = Answer<'POST /console-api/templates/:id/check'>
const CHECK_MS = 400

/** A draft of a template: its text on one side, both languages as they would look on the other. */
export function TemplateEditPage(): ReactElement {
  const { id } = useParams({ from: '/shell/templates/$id/edit' })
  const given = { params: { id } }
  const { data, error, refetch } = useAnswer('GET /console-api/templates/:id', given)
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  return data === undefined ? <Loading /> : <Editor template={data} />
}

function Editor({ template }: { template: Template }): ReactElement {
  const say = useTemplateTexts()
  const { id, channel } = template
  const [source, setSource] = useState(template.source)
  const check = useCheck(id, source)
  const isWrong = check !== undefined && isRefused(check)
  const reason = source === template.source ? say('unchanged') : isWrong ? say('mendFirst') : null
  return (
    <div className="page">
      <div className="page-head">
        <h1>{say('editTitle', { id })}</h1>
        <Link to="/templates/$id" params={{ id }}>
          {say('back')}
        </Link>
      </div>
      <p className="quiet">{say('editLead')}</p>
      <div className="editor">
        <textarea
          className="template-source card"
          aria-label={say('source')}
          aria-invalid={isWrong}
          spellCheck={false}
          rows={26}
          value={source}
          onChange={({ target }) => setSource(target.value)}
        />
        <div className="stacked" aria-live="polite">
          <Problems check={check} />
          {(check?.variants ?? []).map((variant) => (
            <VariantView key={variant.language} variant={variant} channel={channel} />
          ))}
        </div>
      </div>
      <Keep id={id} source={source} reason={check === undefined ? say('checking') : reason} />
    </div>
  )
}

function isRefused({ problems, variants }: Check): boolean {
  return (
    problems.length > 0 || variants.some(({ findings }) => findings.some(({ blocks }) => blocks))
  )
}

/** The server's word on the text, asked when typing rests; undefined until it is there for this very text. */
function useCheck(id: string, source: string): Check | undefined {
  const { mutate, data, variables } = useChange('POST /console-api/templates/:id/check')
  useEffect(() => {
    const timer = setTimeout(() => mutate({ params: { id }, body: { source } }), CHECK_MS)
    return () => clearTimeout(timer)
  }, [id, source, mutate])
  return variables?.body.source === source ? data : undefined
}

function Problems({ check }: { check: Check | undefined }): ReactElement | null {
  const say = useTemplateTexts()
  if (check === undefined) return <p className="quiet">{say('checking')}</p>
  if (check.problems.length === 0) return null
  return (
    <section className="card" aria-label={say('problems')}>
      <h2 className="bad">{say('problems')}</h2>
      <ul className="findings">
        {check.problems.map(({ line, text }) => (
          <li key={`${line} ${text}`}>
            {line > 0 && say('line', { line })} {text}
          </li>
        ))}
      </ul>
    </section>
  )
}

function Keep(props: { id: string; source: string; reason: string | null }): ReactElement {
  const say = useTemplateTexts()
  const { id, source, reason } = props
  const navigate = useNavigate()
  const may = useMay('template.edit')
  const [note, setNote] = useState('')
  const keep = useChange('POST /console-api/templates/:id/drafts', [
    'GET /console-api/templates/:id',
    'GET /console-api/templates',
  ])
  const send = (): void =>
    keep.mutate(
      { params: { id }, body: { source, note } },
      {
        onSuccess: () =>
          void navigate({ to: '/templates/$id', params: { id }, search: { tab: 'drafts' } }),
      },
    )
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
        onClick={send}
      >
        {say('keep')}
      </ActionButton>
    </div>
  )
}
