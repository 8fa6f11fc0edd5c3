import { formatDay, formatMoney } from '@dunlin/ui'
import type { ReactElement } from 'react'
import { type DeskKey, useDeskTexts } from './desk-texts.ts'
import type { DeskCase } from './use-desk.ts'

type Owed = NonNullable<DeskCase['owed']>
type Loan = Owed['loans'][number]
const PARTS = ['principal', 'interest', 'fee', 'penalty'] as const

/** What is owed, split, and how each day past due came about; nothing before the identity is known. */
export function OwedCard({ data }: { data: DeskCase }): ReactElement {
  const say = useDeskTexts()
  const { owed } = data
  const { currency } = data.case
  if (owed === null)
    return (
      <section className="card" aria-label={say('owed')}>
        <h2>{say('owed')}</h2>
        <p className="empty">{say('hidden')}</p>
      </section>
    )
  return (
    <section className="card" aria-label={say('owed')}>
      <h2>
        {say('owed')} <small className="quiet">{say('asOf', { day: formatDay(owed.asOf) })}</small>
      </h2>
      <p className="sum">
        <strong>{formatMoney(owed.arrearsMinor, currency)}</strong>{' '}
        <span className="quiet">
          {say('total')} · {say('outstanding')} {formatMoney(owed.outstandingMinor, currency)}
        </span>
      </p>
      <Split of={owed} currency={currency} />
      {owed.loans.map((loan) => (
        <LoanPart key={loan.id} loan={loan} currency={currency} />
      ))}
    </section>
  )
}

function amountOf(of: Owed | Loan | Loan['lines'][number], part: (typeof PARTS)[number]): number {
  return {
    principal: of.principalMinor,
    interest: of.interestMinor,
    fee: of.feeMinor,
    penalty: of.penaltyMinor,
  }[part]
}

function Split({ of, currency }: { of: Owed | Loan; currency: string }): ReactElement {
  const say = useDeskTexts()
  return (
    <dl className="split">
      {PARTS.map((part) => (
        <div key={part}>
          <dt className="quiet">{say(part)}</dt>
          <dd>{formatMoney(amountOf(of, part), currency)}</dd>
        </div>
      ))}
    </dl>
  )
}

function LoanPart({ loan, currency }: { loan: Loan; currency: string }): ReactElement {
  const say = useDeskTexts()
  return (
    <details className="loan">
      <summary>
        {say('loan')} {loan.loanNo} · {formatMoney(loan.arrearsMinor, currency)}
      </summary>
      {loan.oldestUnpaidDueOn !== null && (
        <p className="quiet">
          {say('explain', { dpd: loan.dpd, day: formatDay(loan.oldestUnpaidDueOn) })}
          {loan.pausedDays > 0 && say('explainPaused', { days: loan.pausedDays })}
        </p>
      )}
      {loan.nextDueOn !== null && (
        <p className="quiet">
          {say('nextDue', {
            day: formatDay(loan.nextDueOn),
            amount: formatMoney(loan.nextDueMinor, currency),
          })}
        </p>
      )}
      {loan.lines.length === 0 ? (
        <p className="quiet">{say('noLines')}</p>
      ) : (
        <Lines loan={loan} currency={currency} />
      )}
    </details>
  )
}

/** A box that scrolls on a narrow screen is reached by the keyboard. */
const SCROLLS = { tabIndex: 0, role: 'group', className: 'scrolls' }
const HEADS: readonly DeskKey[] = ['due', 'late', ...PARTS, 'outstanding']

function Lines({ loan, currency }: { loan: Loan; currency: string }): ReactElement {
  const say = useDeskTexts()
  return (
    <div {...SCROLLS} {...{ 'aria-label': loan.loanNo }}>
      <table className="lines">
        <thead>
          <tr>
            {HEADS.map((head, place) => (
              <th key={head} className={place === 0 ? '' : 'number'}>
                {say(head)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {loan.lines.map((line) => (
            <tr key={`${line.seq ?? ''} ${line.dueOn}`}>
              <th scope="row">{formatDay(line.dueOn)}</th>
              <td className={line.daysLate > 0 ? 'number bad' : 'number quiet'}>
                {line.daysLate > 0 ? say('lateDays', { days: line.daysLate }) : say('notYet')}
              </td>
              {PARTS.map((part) => (
                <td key={part} className="number">
                  {formatMoney(amountOf(line, part), currency)}
                </td>
              ))}
              <td className="number">{formatMoney(line.outstandingMinor, currency)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
