import { currentLanguage, formatInstant } from '@dunlin/ui'
import { Button } from 'antd'
import { type ReactElement, useState } from 'react'
import type { Answer } from '../../api/client.ts'
import { useWord } from '../../parts/word-texts.ts'
import { useComplianceTexts } from './compliance-texts.ts'
import { TONES } from './decision-list-page.tsx'

type Told = Omit<Answer<'GET /console-api/decisions/:decisionId'>, 'decision'>
type Words = { readonly zh: string; readonly en: string }

function inWords(text: Words): string {
  return text[currentLanguage() === 'en' ? 'en' : 'zh']
}

/** An answer of the gate told in full: what was asked, why, what would change it, every rule considered. */
export function Explained({ data }: { data: Told }): ReactElement {
  return (
    <>
      <Asked data={data} />
      <Why data={data} />
      <Changes data={data} />
      <Considered data={data} />
    </>
  )
}

function Asked({ data }: { data: Told }): ReactElement {
  const say = useComplianceTexts()
  const word = useWord()
  const { asked, packs } = data
  const facts = [
    [say('at'), formatInstant(asked.at)],
    [say('local'), asked.local.map(({ zone, time }) => `${time} ${zone}`).join(', ')],
    [say('channel'), word(asked.channel)],
    [say('purpose'), word(asked.purpose)],
    [say('relation'), asked.relation === null ? '–' : word(asked.relation)],
    [say('actor'), word(asked.actor)],
    [say('packs'), packs.join(', ')],
  ] as const
  return (
    <section className="card" aria-label={say('asked')}>
      <h2>{say('asked')}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="quiet">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Why({ data }: { data: Told }): ReactElement | null {
  const say = useComplianceTexts()
  const word = useWord()
  const { reasons, duties } = data.answer
  const isPermit = data.answer.verdict === 'permit'
  if (isPermit ? duties.length === 0 : reasons.length === 0) return null
  return (
    <section className="card" aria-label={say(isPermit ? 'duties' : 'reasons')}>
      <h2>{say(isPermit ? 'duties' : 'reasons')}</h2>
      <ul className="rules">
        {isPermit
          ? duties.map(({ rule, title }) => (
              <li key={rule}>
                {inWords(title)} <code className="quiet">{rule}</code>
              </li>
            ))
          : reasons.map(({ rule, title, cite, field, figures }) => (
              <li key={`${rule} ${field ?? ''}`}>
                <strong className="bad">{inWords(title)}</strong> <code>{field ?? rule}</code>
                {figures !== undefined && <> · {say('used', figures)}</>}
                <br />
                <span className="quiet">
                  {say('source')}: {cite.instrument} ({word(cite.basis)})
                </span>
              </li>
            ))}
      </ul>
    </section>
  )
}

function Changes({ data }: { data: Told }): ReactElement | null {
  const say = useComplianceTexts()
  if (data.answer.verdict === 'permit') return null
  return (
    <section className="card" aria-label={say('changes')}>
      <h2>{say('changes')}</h2>
      {data.changes.length === 0 && <p className="empty">{say('noChanges')}</p>}
      <ul className="rules">
        {data.changes.map(({ what, leadsTo, until }) => (
          <li key={what.en}>
            {inWords(what)} →{' '}
            <span className={TONES[leadsTo]}>
              {say('leadsTo', { verdict: say(`verdict.${leadsTo}`) })}
            </span>
            {until !== null && <span className="quiet"> · {formatInstant(until)}</span>}
          </li>
        ))}
      </ul>
    </section>
  )
}

const STATE_TONES = {
  broken: 'bad',
  lifted: 'warn',
  holds: 'good',
  'not-concerned': 'quiet',
} as const

function Considered({ data }: { data: Told }): ReactElement {
  const say = useComplianceTexts()
  const word = useWord()
  const [isAll, setAll] = useState(false)
  const idle = data.considered.filter(({ state }) => state === 'not-concerned')
  const shown = isAll ? data.considered : data.considered.filter((each) => !idle.includes(each))
  return (
    <section className="card" aria-label={say('considered')}>
      <h2>{say('considered')}</h2>
      <ul className="rules">
        {shown.map(({ rule, state, title, says, cite, figures }) => (
          <li key={rule}>
            <span className={`tag ${STATE_TONES[state]}`}>{say(`state.${state}`)}</span>{' '}
            <strong>{inWords(title)}</strong> <code className="quiet">{rule}</code>
            {figures !== undefined && <> · {say('used', figures)}</>}
            <br />
            {inWords(says)}
            <br />
            <span className="quiet">
              {say('source')}: {cite.instrument} ({word(cite.basis)})
              {cite.note !== undefined && ` · ${cite.note}`}
            </span>
          </li>
        ))}
      </ul>
      {!isAll && idle.length > 0 && (
        <Button size="small" onClick={() => setAll(true)}>
          {say('showAll', { count: idle.length })}
        </Button>
      )}
    </section>
  )
}
