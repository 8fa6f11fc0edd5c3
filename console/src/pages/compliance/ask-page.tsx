import { formatInstant } from '@dunlin/ui'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Input } from 'antd'
import type { ReactElement } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import { useWord } from '../../parts/word-texts.ts'
import type { AskSearch } from './compliance-search.ts'
import { useComplianceTexts } from './compliance-texts.ts'
import { TONES } from './decision-list-page.tsx'
import { Explained } from './explained.tsx'
import './compliance.css'

const OFFSET = '+08:00'
type Answered = Answer<'GET /console-api/gate/questions'>

/** What the gate would say if a borrower were contacted now or at another moment: nothing is sent, nothing counted. */
export function AskPage(): ReactElement {
  const say = useComplianceTexts()
  const search = useSearch({ from: '/shell/gate' })
  const navigate = useNavigate()
  const set = (change: AskSearch): void =>
    void navigate({ to: '/gate', search: { ...search, ...change } })
  return (
    <div className="page">
      <div className="page-head">
        <h1>{say('ask')}</h1>
        <span className="space" />
        <TextFilter
          label={say('borrowerNo')}
          value={search.borrower}
          onChange={(borrower) => set({ borrower, point: undefined, channel: undefined })}
        />
        <Input
          type="datetime-local"
          aria-label={say('askAt')}
          title={say('askAt')}
          style={{ width: 210 }}
          value={search.at ?? ''}
          onChange={({ target }) => set({ at: target.value === '' ? undefined : target.value })}
        />
      </div>
      <p className="quiet">{say('askLead')}</p>
      {search.borrower === undefined ? (
        <p className="empty">{say('askEmpty')}</p>
      ) : (
        <Answers search={{ ...search, borrower: search.borrower }} />
      )}
    </div>
  )
}

function Answers({ search }: { search: AskSearch & { borrower: string } }): ReactElement {
  const say = useComplianceTexts()
  const { borrower, at, channel, point } = search
  const { data, error, refetch } = useAnswer('GET /console-api/gate/questions', {
    query: {
      borrower,
      ...(at === undefined ? {} : { at: `${at}:00${OFFSET}` }),
      ...(channel === undefined || point === undefined ? {} : { channel, point }),
    },
  })
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  return (
    <>
      <section className="card" aria-label={say('ways')}>
        <h2>{say('askedFor', { at: formatInstant(data.at) })}</h2>
        {data.contacts.length === 0 && <p className="empty">{say('noWays')}</p>}
        <Ways data={data} search={search} />
      </section>
      {data.told !== null && <Explained data={data.told} />}
    </>
  )
}

function Ways({ data, search }: { data: Answered; search: AskSearch }): ReactElement {
  const say = useComplianceTexts()
  const word = useWord()
  return (
    <ul className="rules">
      {data.contacts.map(({ channel, point, masked, relation, verdict, until }) => (
        <li key={`${channel} ${point}`}>
          <span className={`tag ${TONES[verdict]}`}>{say(`verdict.${verdict}`)}</span>{' '}
          <Link
            to="/gate"
            search={{ ...search, channel, point }}
            aria-current={search.channel === channel && search.point === point}
          >
            {word(channel)} {masked}
          </Link>{' '}
          <span className="quiet">{word(relation)}</span>
          {until !== null && (
            <span className="quiet">
              {' '}
              · {say('until')} {formatInstant(until)}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
