import { currentLanguage } from '@dunlin/ui'
import { Alert, Input, Select } from 'antd'
import { type ReactElement, useEffect, useState } from 'react'
import { type Answer, call, useChange } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { useWord } from '../../parts/word-texts.ts'
import { useDeskTexts } from './desk-texts.ts'
import { CASE, type Desk, type DeskCase } from './use-desk.ts'

type Channel = DeskCase['templates'][number]['channel']
type Finding = Answer<'POST /console-api/desk/cases/:caseId/lint'>['findings'][number]
const CHANNELS: readonly Channel[] = ['sms', 'email', 'wecom']
const OWN = 'own'
const REST_MS = 250

/** Written words: linted while they are typed; whether they go out is the gate's to say. */
export function ReplyCard({ desk }: { desk: Desk }): ReactElement {
  const say = useDeskTexts()
  const may = useMay('case.work')
  const [channel, setChannel] = useState<Channel>('sms')
  const [template, setTemplate] = useState(OWN)
  const [text, setText] = useState('')
  const change = useChange('POST /console-api/desk/cases/:caseId/replies', [CASE])
  const chosen = desk.data.templates.find(({ id }) => id === template)
  const isFixed = chosen !== undefined && chosen.text === null
  const findings = useLint(desk.caseId, { channel, text: isFixed ? '' : text })
  const isWrong = findings?.some(({ blocks }) => blocks) === true
  const empty = !isFixed && text.trim() === '' ? say('fillIn') : null
  const send = (): void => {
    const body = { channel, ...(isFixed ? { template } : { text: text.trim() }) }
    change.mutate(
      { params: { caseId: desk.caseId }, body },
      { onSuccess: ({ now }) => (now?.verdict === 'permit' ? setText('') : undefined) },
    )
  }
  return (
    <section className="card" aria-label={say('reply')}>
      <h2>{say('reply')}</h2>
      <Choices {...{ desk, channel, template }} onChannel={setChannel} onTemplate={choose} />
      {isFixed ? (
        <p className="quiet">{say('goesAsIs')}</p>
      ) : (
        <>
          <Input.TextArea
            id="desk-reply"
            aria-label={say('words')}
            placeholder={say('words')}
            autoSize={{ minRows: 3, maxRows: 10 }}
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
          <Findings findings={findings} text={text} />
        </>
      )}
      {change.error !== null && (
        <Alert type="error" showIcon title={say('failed', { detail: change.error.message })} />
      )}
      {change.data?.now != null && <Asked verdict={change.data.now} />}
      <ActionButton
        may={may}
        reason={desk.blocked ?? empty ?? (isWrong ? say('mendFirst') : null)}
        loading={change.isPending}
        onClick={send}
      >
        {say('send')}
      </ActionButton>
    </section>
  )

  function choose(id: string): void {
    setTemplate(id)
    const ready = desk.data.templates.find((each) => each.id === id)?.text
    if (ready != null) setText(ready[languageOf()])
  }
}

function languageOf(): 'en' | 'zh' {
  return currentLanguage() === 'en' ? 'en' : 'zh'
}

type ChoicesGiven = {
  readonly desk: Desk
  readonly channel: Channel
  readonly template: string
  readonly onChannel: (channel: Channel) => void
  readonly onTemplate: (id: string) => void
}

function Choices({ desk, channel, template, ...on }: ChoicesGiven): ReactElement {
  const say = useDeskTexts()
  const word = useWord()
  const fitting = desk.data.templates.filter((each) => each.channel === channel)
  return (
    <div className="row">
      <Select
        aria-label={say('channel')}
        value={channel}
        options={CHANNELS.map((value) => ({ value, label: word(value) }))}
        onChange={(value) => {
          on.onChannel(value)
          on.onTemplate(OWN)
        }}
      />
      <Select
        aria-label={say('template')}
        value={template}
        style={{ minWidth: 180, flex: 1 }}
        options={[
          { value: OWN, label: say('ownWords') },
          ...fitting.map(({ id, title }) => ({ value: id, label: title[languageOf()] })),
        ]}
        onChange={on.onTemplate}
      />
    </div>
  )
}

type Verdict = NonNullable<Answer<'POST /console-api/desk/cases/:caseId/replies'>['now']>

function Asked({ verdict }: { verdict: Verdict }): ReactElement {
  const say = useDeskTexts()
  const language = languageOf()
  const isPermit = verdict.verdict === 'permit'
  const why = verdict.reasons
    .map(({ title }) => title[language])
    .join(language === 'en' ? '; ' : '；')
  return (
    <Alert
      type={isPermit ? 'success' : 'warning'}
      showIcon
      title={say('asked', { answer: isPermit ? say('permit') : why })}
    />
  )
}

/** What is wrong with the words, a moment after the last key; null: not known yet. */
function useLint(
  caseId: string,
  { channel, text }: { channel: Channel; text: string },
): readonly Finding[] | null {
  const [found, setFound] = useState<{ text: string; findings: readonly Finding[] } | null>(null)
  useEffect(() => {
    if (text.trim() === '') return
    const stop = new AbortController()
    const timer = setTimeout(() => {
      const given = { params: { caseId }, body: { channel, text }, signal: stop.signal }
      call('POST /console-api/desk/cases/:caseId/lint', given)
        .then(({ findings }) => setFound({ text, findings }))
        .catch(() => undefined)
    }, REST_MS)
    return () => {
      clearTimeout(timer)
      stop.abort()
    }
  }, [caseId, channel, text])
  return found?.text === text ? found.findings : null
}

function Findings(props: { findings: readonly Finding[] | null; text: string }): ReactElement {
  const say = useDeskTexts()
  const language = languageOf()
  const { findings, text } = props
  if (text.trim() === '') return <p className="quiet lint" />
  if (findings === null) return <p className="quiet lint">{say('linting')}</p>
  if (findings.length === 0) return <p className="good lint">✓ {say('lintClean')}</p>
  return (
    <div role="status">
      <ul className="findings">
        {findings.map(({ rule, start, end, blocks, title, mend, source }) => (
          <li key={`${rule} ${start}`} className={blocks ? 'bad' : 'warn'}>
            <mark>{text.slice(start, end)}</mark> {title[language]} · {mend[language]}{' '}
            <small className="quiet">{say('source', { source })}</small>
          </li>
        ))}
      </ul>
    </div>
  )
}
