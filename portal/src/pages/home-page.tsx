import { formatDay, formatMoney } from '@dunlin/ui'
import { useCallback } from 'react'
import { call } from '../app/client.ts'
import { useAnswer } from '../app/use-answer.ts'
import { Page } from '../parts/page.tsx'
import { Load, Row } from '../parts/parts.tsx'
import { useOwed } from './owed-texts.ts'

async function loadHome() {
  const [me, owed] = await Promise.all([
    call('GET /portal-api/me', {}),
    call('GET /portal-api/owed', {}),
  ])
  return { me, owed }
}
type Home = Awaited<ReturnType<typeof loadHome>>
type Loan = Home['owed']['loans'][number]

/** What is owed, in plain words, and what can be done about it. */
export function HomePage() {
  const say = useOwed()
  const [loaded, again] = useAnswer(useCallback(loadHome, []))
  const name = loaded.state === 'ready' ? loaded.value.me.name : ''
  return (
    <Page title={name === '' ? '…' : say('hello', { name })}>
      <Load loaded={loaded} again={again}>
        {(home) => <Owed {...home} />}
      </Load>
    </Page>
  )
}

const TILES = ['pay', 'plan', 'help', 'choices', 'messages', 'papers'] as const
const HINTS = {
  pay: 'payHint',
  plan: 'planHint',
  help: 'helpHint',
  choices: 'choicesHint',
  messages: 'messagesHint',
  papers: 'papersHint',
} as const

function Owed({ me, owed }: Home) {
  const say = useOwed()
  const money = (minor: number) => formatMoney(minor, owed.currency)
  const tiles = owed.outstandingMinor > 0 ? TILES : TILES.slice(2)
  return (
    <>
      <section className="card" aria-label={say('due')}>
        <p className="soft">{say(owed.arrearsMinor > 0 ? 'due' : 'nothingDue')}</p>
        <p className="sum">{money(owed.arrearsMinor)}</p>
        {owed.dpd > 0 && <p>{say('late', { days: owed.dpd })}</p>}
        <p className="soft">{say('all', { amount: money(owed.outstandingMinor) })}</p>
        <p className="soft">
          {say('asOf', { lender: me.lender, day: formatDay(owed.asOf, me.today) })}
        </p>
      </section>
      <nav aria-label={say('pay')}>
        <ul className="tiles">
          {tiles.map((place) => (
            <li key={place}>
              <a href={`#/${place}`}>
                <span>
                  {say(place)}
                  <small>{say(HINTS[place])}</small>
                </span>
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {owed.loans.map((loan) => (
        <LoanCard key={loan.loanId} loan={loan} today={me.today} money={money} />
      ))}
      {owed.rewards.length > 0 && <Rewards rewards={owed.rewards} />}
      <details className="card">
        <summary>{say('explain')}</summary>
        <p>{say('explained')}</p>
      </details>
      <p className="soft">
        {say('lines', { contact: me.contactLine, complaint: me.complaintLine })}
      </p>
    </>
  )
}

/** What kept promises earned, each with its amount, what it is for and its state as they are. */
function Rewards({ rewards }: { rewards: Home['owed']['rewards'] }) {
  const say = useOwed()
  return (
    <section className="card" aria-label={say('rewards')}>
      <h2>{say('rewards')}</h2>
      {rewards.map(({ id, kind, reward, amountMinor, currency, state }) => (
        <div key={id}>
          <dl>
            <Row name={say(kind)}>
              <strong>{formatMoney(amountMinor, currency)}</strong>
            </Row>
          </dl>
          <p className="soft">
            {say('rewardFor', {
              reward,
              state: say(state === 'earned' ? `${state}.${kind}` : state),
            })}
          </p>
        </div>
      ))}
      <p className="soft">{say('rewardsTruth')}</p>
    </section>
  )
}

function LoanCard(given: { loan: Loan; today: string; money: (minor: number) => string }) {
  const say = useOwed()
  const { loan, today, money } = given
  const { arrears } = loan
  const parts = [
    ['principal', arrears.principalMinor],
    ['interest', arrears.interestMinor],
    ['penalty', arrears.penaltyMinor],
    ['fee', arrears.feeMinor],
  ] as const
  return (
    <section className="card" aria-label={say('loan', { no: loan.loanNo })}>
      <h2>{say('loan', { no: loan.loanNo })}</h2>
      {loan.isSettled && <p className="note good">{say('settled')}</p>}
      <dl>
        {parts
          .filter(([, minor]) => minor > 0)
          .map(([name, minor]) => (
            <Row key={name} name={say(name)}>
              {money(minor)}
            </Row>
          ))}
        <Row name={say('sum')}>
          <strong>{money(loan.arrearsMinor)}</strong>
        </Row>
        <Row name={say('outstanding')}>{money(loan.outstandingMinor)}</Row>
        {loan.creditMinor > 0 && <Row name={say('credit')}>{money(loan.creditMinor)}</Row>}
      </dl>
      {loan.dpd > 0 && <p className="soft">{say('late', { days: loan.dpd })}</p>}
      {loan.nextDueOn !== null && (
        <p className="soft">
          {say('next', {
            day: formatDay(loan.nextDueOn, today),
            amount: money(loan.nextDueMinor),
          })}
        </p>
      )}
      <details>
        <summary>{say('payments')}</summary>
        {loan.payments.length === 0 && <p className="soft">{say('noPayments')}</p>}
        <dl>
          {loan.payments.map((payment) => (
            <Row key={payment.eventNo} name={formatDay(payment.on, today)}>
              {payment.isReversed
                ? say('reversed', { amount: money(payment.amountMinor) })
                : money(payment.amountMinor)}
            </Row>
          ))}
        </dl>
      </details>
    </section>
  )
}
