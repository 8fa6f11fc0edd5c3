import type { PolicyItem } from '@dunlin/contract'
import { currentLanguage, formatInstant, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import type { ReactElement } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { useWord } from '../../parts/word-texts.ts'
import { type ComplianceKey, useComplianceTexts } from './compliance-texts.ts'
import { TONES } from './decision-list-page.tsx'

const DIFF = 'GET /console-api/policies/diff'
type Difference = Answer<typeof DIFF>['items'][number]
type Sides = { readonly first: string; readonly second: string }

/** Two sets of rules side by side: chosen above, what differs below. */
export function PolicyDiff(): ReactElement {
  const say = useComplianceTexts()
  const search = useSearch({ from: '/shell/rules' })
  const navigate = useNavigate()
  const { data, error, refetch } = useAnswer('GET /console-api/policies', {})
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const usual = usualSides(data.items)
  const sides = { first: search.first ?? usual.first, second: search.second ?? usual.second }
  const set = (change: Partial<Sides>): void =>
    void navigate({ to: '/rules', search: { tab: 'diff', ...sides, ...change }, replace: true })
  const options = data.items.map((item) => ({ value: item.name, label: nameOf(say, item) }))
  const choose = (side: keyof Sides): ReactElement => (
    <Select<string>
      aria-label={say(`diff.${side}`)}
      value={sides[side]}
      options={options}
      onChange={(name) => set({ [side]: name })}
    />
  )
  return (
    <>
      <p className="quiet">{say('diffLead')}</p>
      <div className="diff-sides">
        {choose('first')}
        <Button
          aria-label={say('swap')}
          title={say('swap')}
          onClick={() => set({ first: sides.second, second: sides.first })}
        >
          ⇄
        </Button>
        {choose('second')}
      </div>
      <Differences sides={sides} />
    </>
  )
}

/** What decided last against what ships for the first portfolio; without a portfolio, any two. */
function usualSides(items: readonly PolicyItem[]): Sides {
  const used = items.find(({ portfolios }) => portfolios.length > 0)
  const decided = items.find(({ firstUsedAt }) => firstUsedAt !== null)
  const second = used?.name ?? items.at(0)?.name ?? ''
  return { first: decided?.name ?? used?.packs.at(0)?.id ?? second, second }
}

function nameOf(
  say: Say<ComplianceKey>,
  { name, packs, firstUsedAt, portfolios }: PolicyItem,
): string {
  const ids = packs.map(({ id }) => id).join(' + ')
  if (firstUsedAt !== null)
    return say('decidedSince', { ids, day: formatInstant(firstUsedAt), hash: name.slice(0, 8) })
  const versions = [...new Set(packs.map(({ version }) => version))].join(', ')
  if (portfolios.length === 0) return say('shipped', { ids, versions })
  return say('shippedFor', { ids, versions, portfolios: portfolios.join(', ') })
}

function Differences({ sides }: { sides: Sides }): ReactElement {
  const say = useComplianceTexts()
  const { data, error, refetch } = useAnswer(DIFF, { query: sides })
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  if (data.items.length === 0) return <p className="empty">{say('noDifference')}</p>
  return (
    <section className="card" aria-label={say('differences')}>
      <h2>{say('differenceCount', { count: data.items.length })}</h2>
      <ul className="rules">
        {data.items.map((item) => (
          <li key={item.rule}>
            <OneDifference item={item} />
          </li>
        ))}
      </ul>
    </section>
  )
}

const SIDE_TONES = { 'only-first': 'warn', 'only-second': 'good', changed: 'quiet' } as const

function OneDifference({ item }: { item: Difference }): ReactElement {
  const say = useComplianceTexts()
  const { rule, side, title, first, second, witness } = item
  return (
    <>
      <span className={`tag ${SIDE_TONES[side]}`}>{say(`side.${side}`)}</span>{' '}
      <strong>{inWords(title)}</strong> <code className="quiet">{rule}</code>
      <dl className="diff-says">
        {[
          { key: 'first', says: first },
          { key: 'second', says: second },
        ].map(({ key, says }, place) => (
          <div key={key}>
            <dt className="quiet">{say(place === 0 ? 'diff.first' : 'diff.second')}</dt>
            <dd>
              {says === null ? (
                <span className="quiet">{say('noRule')}</span>
              ) : (
                `${inWords(says.says)} · ${says.severity}`
              )}
            </dd>
          </div>
        ))}
      </dl>
      {witness === null ? (
        <p className="quiet">{say('noWitness')}</p>
      ) : (
        <WitnessLine witness={witness} />
      )}
    </>
  )
}

type Witness = NonNullable<Difference['witness']>

function WitnessLine({ witness }: { witness: Witness }): ReactElement {
  const say = useComplianceTexts()
  const word = useWord()
  const { at, channel, purpose, relation, first, second, intent, facts } = witness
  const answer = ({ verdict, until }: Witness['first']): ReactElement => (
    <span className={TONES[verdict]}>
      {say(`verdict.${verdict}`)}
      {until !== null && ` (${formatInstant(until)})`}
    </span>
  )
  return (
    <>
      <p>
        {say('forExample', {
          at: formatInstant(at),
          channel: word(channel),
          relation: relation === null ? say('nobody') : word(relation),
          purpose: word(purpose),
        })}{' '}
        {say('diff.first')}: {answer(first)} · {say('diff.second')}: {answer(second)}
        {first.verdict === second.verdict && ` · ${say('otherReasons')}`}
      </p>
      <details>
        <summary className="quiet">{say('wholeCase')}</summary>
        <pre className="case-facts">{JSON.stringify({ intent, facts }, null, 2)}</pre>
      </details>
    </>
  )
}

function inWords(text: { readonly zh: string; readonly en: string }): string {
  return text[currentLanguage() === 'en' ? 'en' : 'zh']
}
