import { formatDay, formatInstant, formatMoney } from '@dunlin/ui'
import { Link, useParams } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { useFresh } from '../../api/live.ts'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { useWord } from '../../parts/word-texts.ts'
import { useCasePageTexts } from './case-page-texts.ts'
import { Lamps } from './lamps.tsx'
import './case-page.css'

type Case = Answer<'GET /console-api/cases/:caseId'>

/** One case: what is owed and how it is made up, whom one may contact how, and what happened. */
export function CasePage(): ReactElement {
  const say = useCasePageTexts()
  const { caseId } = useParams({ from: '/shell/cases/$caseId' })
  const { data, error, refetch } = useAnswer('GET /console-api/cases/:caseId', {
    params: { caseId },
  })
  useFresh(KEYS, caseId)
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const { name, borrowerNo, stage, dpd, portfolio } = data.case
  return (
    <div className="page">
      <div className="page-head">
        <h1>{name}</h1>
        <span className="quiet">
          {borrowerNo} · {portfolio} · {stage ?? '–'} · {say('dpd', { days: dpd })}
        </span>
        <span className="space" />
        <Link to="/cases">{say('back')}</Link>
      </div>
      <div className="case">
        <Owed data={data} />
        <Lamps caseId={caseId} />
        <Timeline caseId={caseId} />
      </div>
    </div>
  )
}

const KEYS = [
  'GET /console-api/cases/:caseId',
  'GET /console-api/cases/:caseId/lamps',
  'GET /console-api/cases/:caseId/timeline',
] as const

const PARTS = ['principal', 'interest', 'fee', 'penalty'] as const

function Owed({ data }: { data: Case }): ReactElement {
  const say = useCasePageTexts()
  const { currency } = data.case
  const asOf = data.loans.find((loan) => loan.asOf !== null)?.asOf
  return (
    <section className="card owed" aria-label={say('owed')}>
      <h2>
        {say('owed')}{' '}
        {asOf != null && <small className="quiet">{say('asOf', { day: formatDay(asOf) })}</small>}
      </h2>
      <table className="lines">
        <thead>
          <tr>
            <th>{say('loan')}</th>
            {PARTS.map((part) => (
              <th key={part} className="number">
                {say(part)}
              </th>
            ))}
            <th className="number">{say('total')}</th>
            <th className="number">{say('outstanding')}</th>
            <th className="number">{say('since')}</th>
          </tr>
        </thead>
        <tbody>
          {data.loans.map((loan) => (
            <LoanLine key={loan.id} loan={loan} currency={currency} />
          ))}
        </tbody>
      </table>
    </section>
  )
}

function LoanLine({
  loan,
  currency,
}: {
  loan: Case['loans'][number]
  currency: string
}): ReactElement {
  const say = useCasePageTexts()
  const parts = [loan.principalMinor, loan.interestMinor, loan.feeMinor, loan.penaltyMinor]
  const total = parts.reduce((sum, part) => sum + part, 0)
  return (
    <tr>
      <th scope="row">{loan.loanNo}</th>
      {PARTS.map((part, index) => (
        <td key={part} className="number" data-label={say(part)}>
          {formatMoney(parts[index] ?? 0, currency)}
        </td>
      ))}
      <td className="number" data-label={say('total')}>
        <strong>{formatMoney(total, currency)}</strong>
      </td>
      <td className="number" data-label={say('outstanding')}>
        {formatMoney(loan.outstandingMinor, currency)}
      </td>
      <td className="number" data-label={say('since')}>
        {loan.oldestUnpaidDueOn === null ? '–' : formatDay(loan.oldestUnpaidDueOn)}
      </td>
    </tr>
  )
}

function Timeline({ caseId }: { caseId: string }): ReactElement {
  const say = useCasePageTexts()
  const word = useWord()
  const { data } = useAnswer('GET /console-api/cases/:caseId/timeline', { params: { caseId } })
  return (
    <section className="card" aria-label={say('timeline')}>
      <h2>{say('timeline')}</h2>
      {data?.items.length === 0 && <p className="empty">{say('nothing')}</p>}
      <ol className="events">
        {data?.items.map(({ id, at, event, channel }) => (
          <li key={id}>
            <time dateTime={at}>{formatInstant(at)}</time>
            <span>{channel === null ? word(event) : `${word(event)} · ${word(channel)}`}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}
