import type { TemplateVariant } from '@dunlin/contract'
import { currentLanguage, formatCount, type Say } from '@dunlin/ui'
import type { ReactElement } from 'react'
import { type TemplateKey, useTemplateTexts } from './template-texts.ts'

type Finding = TemplateVariant['findings'][number]

/** How a message looks in one language, with what the content rules have against it marked in its place. */
export function VariantView(props: { variant: TemplateVariant; channel: string }): ReactElement {
  const say = useTemplateTexts()
  const { variant, channel } = props
  const { language, subject, text, findings } = variant
  const offset = subject === null ? 0 : subject.length + 1
  return (
    <section className="card stacked" aria-label={say(`language.${language}`)}>
      <h2>
        {say(`language.${language}`)} <small className="quiet">{sizeOf(say, props)}</small>
      </h2>
      <div className={`message ${channel}`} lang={language}>
        {subject !== null && (
          <strong className="message-subject">{marked(subject, 0, findings)}</strong>
        )}
        <p>{marked(text, offset, findings)}</p>
      </div>
      <Findings findings={findings} />
    </section>
  )
}

function sizeOf(
  say: Say<TemplateKey>,
  { variant: { text, parts }, channel }: { variant: TemplateVariant; channel: string },
): string {
  const letters = say('letters', { count: formatCount([...text].length) })
  if (channel !== 'sms') return letters
  return `${letters} · ${parts === null ? say('tooLong') : say('parts', { count: parts })}`
}

/** The text with each place that a finding names in a mark; places are counted from `offset`. */
function marked(text: string, offset: number, findings: readonly Finding[]): ReactElement[] {
  const places = findings
    .map(({ start, end, blocks }) => ({ start: start - offset, end: end - offset, blocks }))
    .filter(({ start, end }) => end > start && start >= 0 && end <= text.length)
  const pieces: ReactElement[] = []
  let at = 0
  for (const { start, end, blocks } of places) {
    if (start < at) continue
    pieces.push(<span key={`t${at}`}>{text.slice(at, start)}</span>)
    pieces.push(
      <mark key={`m${start}`} className={blocks ? 'bad' : 'warn'}>
        {text.slice(start, end)}
      </mark>,
    )
    at = end
  }
  return [...pieces, <span key={`t${at}`}>{text.slice(at)}</span>]
}

function Findings({ findings }: { findings: readonly Finding[] }): ReactElement {
  const say = useTemplateTexts()
  const side = currentLanguage() === 'en' ? 'en' : 'zh'
  if (findings.length === 0) return <p className="good">{say('clean')}</p>
  return (
    <ul className="findings">
      {findings.map(({ rule, title, source, blocks, start, end, mend }) => (
        <li key={`${rule} ${start} ${end}`}>
          <span className={`tag ${blocks ? 'bad' : 'warn'}`}>
            {say(blocks ? 'blocks' : 'advice')}
          </span>{' '}
          <strong>{title[side]}</strong> {start === end && say('missing')} {mend[side]}{' '}
          <small className="quiet">
            {rule} · {source}
          </small>
        </li>
      ))}
    </ul>
  )
}
