import { currentLanguage, formatCountdown, useNow } from '@dunlin/ui'
import type { ReactElement } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { useWord } from '../../parts/word-texts.ts'
import { useCasePageTexts } from './case-page-texts.ts'

type Lamp = Answer<'GET /console-api/cases/:caseId/lamps'>['items'][number]
const EVERY_MS = 15_000
const TONE = { permit: 'good', defer: 'warn', refuse: 'bad' } as const

/** A lamp for each channel and number: green, amber with a countdown, red; each with its rule and source. */
export function Lamps({ caseId }: { caseId: string }): ReactElement {
  const say = useCasePageTexts()
  const given = { params: { caseId } }
  const { data } = useAnswer('GET /console-api/cases/:caseId/lamps', given, { everyMs: EVERY_MS })
  return (
    <section className="card" aria-label={say('lamps')}>
      <h2>{say('lamps')}</h2>
      {data?.items.length === 0 && <p className="empty">{say('noLamps')}</p>}
      <ul className="lamps">
        {data?.items.map((lamp) => (
          <LampLine key={`${lamp.channel} ${lamp.contactPointId}`} lamp={lamp} />
        ))}
      </ul>
    </section>
  )
}

function LampLine({ lamp }: { lamp: Lamp }): ReactElement {
  const word = useWord()
  const language = currentLanguage() === 'en' ? 'en' : 'zh'
  const say = useCasePageTexts()
  const tone = TONE[lamp.now.verdict]
  return (
    <li>
      <span className={`lamp ${tone}`} aria-hidden="true" />
      <div>
        <strong>{word(lamp.channel)}</strong> {lamp.point}{' '}
        <span className={tone}>
          <Says lamp={lamp} />
        </span>
        {lamp.now.reasons.map(({ rule, title, cite, clears }) => (
          <details key={rule}>
            <summary>{title[language]}</summary>
            <p>{say('source', { source: `${cite.instrument}${cite.basis}` })}</p>
            <p>{say('clears', { clears })}</p>
          </details>
        ))}
      </div>
    </li>
  )
}

function Says({ lamp }: { lamp: Lamp }): ReactElement {
  const say = useCasePageTexts()
  const now = useNow(1_000)
  const { verdict, until } = lamp.now
  if (verdict !== 'defer' || until === null)
    return <>{say(verdict === 'permit' ? 'permit' : 'refuse')}</>
  return <>{say('wait', { time: formatCountdown(Date.parse(until) - now) })}</>
}
