import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { type Instant, instant, randomInt, seededRandom } from '@dunlin/kernel'
import fc from 'fast-check'
import { syncCases } from '../../server/src/cases/index.ts'
import type { SendResult } from '../../server/src/channels/channel.ts'
import { dispatchDue, type Outlet } from '../../server/src/contact/index.ts'
import { aClock, aGate, aSink, utc } from '../../server/src/contact/test-gate.ts'
import { parseLedgerEvent, recordLedgerEvents } from '../../server/src/loanbook/index.ts'
import { aPortfolio, day, load } from '../../server/src/loanbook/test-book.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { openTestDatabase } from '../../server/src/platform/db/test-database.ts'
import { createReactions } from '../../server/src/platform/events/index.ts'
import { runCycle } from '../../server/src/strategy/index.ts'
import { addBorrowers, aUsPortfolio, CAP, NOON } from './fault-book.ts'

// Dispatchers and payments at full speed, with nothing to hold them apart but the locks themselves.

const SEED = 20_261_124
const TODAY = day('2026-06-01')
const AFTERNOON = utc('2026-06-01T07:00:00Z')

/** An outlet whose provider takes a moment, so that others get their turn, and sometimes does not answer. */
function aMoodyOutlet(random: () => number, window: number, at: Instant): Outlet {
  const send = async (permits: readonly { permitId: string }[]): Promise<SendResult[]> => {
    await wait(randomInt(random, 0, 8))
    return permits.map(({ permitId }) =>
      random() < 0.2
        ? { permitId, fate: 'unknown', detail: '' }
        : { permitId, fate: 'accepted', providerMessageId: permitId, parts: 1 },
    )
  }
  return aSink('sms', aClock(at), { send, window })
}

async function aLateBook(db: Database, name: string, people: number): Promise<string[]> {
  const loans = Array.from({ length: people }, (_, index) => `${name}-${index}`)
  const rows = loans.map(
    (loanNo, index) =>
      `${loanNo},B${loanNo},某某,1990000${String(index).padStart(4, '0')},,200.00,200.00,0,0,0,2026-05-26,2026-05-31`,
  )
  const head =
    'loan_no,borrower_no,name,phone,email,principal_outstanding,overdue_principal,overdue_interest,overdue_penalty,fees,oldest_unpaid_due_on,as_of'
  await load(db, { kind: 'loans', text: `${[head, ...rows].join('\n')}\n` })
  await runCycle({ db, reactions: createReactions(), asOf: TODAY, at: AFTERNOON })
  return loans
}

async function aGateWithCases() {
  const reactions = createReactions()
  const gate = await aGate(reactions)
  reactions.on('loan.changed', async (tx, events, at) => {
    const ids = events.map((event) => event.borrowerId)
    await syncCases(tx, ids, { reactions, asOf: TODAY, at, preDue: new Map() })
  })
  return gate
}

async function payAll(
  db: Database,
  loanNo: string,
  reactions: Awaited<ReturnType<typeof aGate>>['reactions'],
): Promise<void> {
  const parsed = parseLedgerEvent({
    ...{ kind: 'paid', id: 'p1', effectiveOn: '2026-06-01', amountMinor: 20_000 },
  })
  assert.ok(parsed.ok)
  const events = [parsed.value]
  const recorded = await db.transaction((tx) =>
    recordLedgerEvents({
      ...{ tx, reactions, portfolio: 'main', loanNo, events, source: 'api', at: AFTERNOON },
    }),
  )
  assert.ok(recorded.ok)
}

test('payments amid dispatch: whoever paid is permitted nothing after it, and nobody else is forgotten', async () => {
  const db = await openTestDatabase()
  await aPortfolio(db)
  const gate = await aGateWithCases()
  let run = 0
  const people = 40
  let [reachedAndPaid, cancelled] = [0, 0]
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 1, max: 8 }),
      async (seed, dispatchers, window) => {
        run += 1
        const random = seededRandom(seed)
        const loans = await aLateBook(db, `R${run}`, people)
        const paying = loans.filter(() => random() < 0.5)
        const now = () => AFTERNOON
        const pay = async () => {
          for (const loanNo of paying) {
            await payAll(db, loanNo, gate.reactions)
            if (random() < 0.3) await wait(1)
          }
        }
        const outlets = Array.from({ length: dispatchers }, () => [
          aMoodyOutlet(random, window, AFTERNOON),
        ])
        await Promise.all([
          pay(),
          ...outlets.map((given) => dispatchDue({ db, gate, outlets: given, now })),
        ])
        await assertNoContradiction(db)
        const [ended] = await db.query<{ permitted: number; cancelled: number }>(
          `select count(*) filter (where a.permit_id is not null)::integer as permitted,
             count(*) filter (where a.state = 'cancelled')::integer as cancelled
           from attempt a join loan l using (borrower_id) where l.loan_no = any($1::text[])`,
          [loans],
        )
        assert.equal((ended?.permitted ?? 0) + (ended?.cancelled ?? 0), people)
        assert.ok((ended?.permitted ?? 0) >= people - paying.length, 'who did not pay is reached')
        reachedAndPaid += (ended?.permitted ?? 0) - (people - paying.length)
        cancelled += ended?.cancelled ?? 0
      },
    ),
    { seed: SEED, numRuns: 8 },
  )
  assert.ok(reachedAndPaid > 0 && cancelled > 0, 'payments came both before and after')
})

/** Events of a borrower are written under the borrower's lock, so that their order is the order of what happened. */
async function assertNoContradiction(db: Database): Promise<void> {
  const after = await db.query(
    `select p.borrower_id from outbox p join outbox c on c.borrower_id = p.borrower_id and c.outbox_id > p.outbox_id
     where p.event = 'payment.recorded' and c.event = 'contact.permitted'`,
  )
  assert.deepEqual(after, [], 'permitted after the payment')
  const open = await db.query(
    `select c.case_id from outbox p join collection_case c using (borrower_id)
     where p.event = 'payment.recorded' and c.state = 'open'`,
  )
  assert.deepEqual(open, [], 'the case of who paid is still open')
  const left = await db.query(`select 1 from attempt where state in ('planned', 'permitted')`)
  assert.deepEqual(left, [], 'planned or in flight for ever')
}

test('caps hold with several dispatchers at once, whatever their clocks, windows and luck', async () => {
  const db = await openTestDatabase()
  await aUsPortfolio(db)
  const gate = await aGate()
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.integer({ min: 1, max: 6 }),
      fc.array(
        fc.record({
          aheadMs: fc.integer({ min: 0, max: 5000 }),
          window: fc.integer({ min: 1, max: 30 }),
        }),
        { minLength: 2, maxLength: 5 },
      ),
      async (seed, attemptsEach, dispatchers) => {
        const random = seededRandom(seed)
        const people = 25
        await addBorrowers(db, { count: people, attemptsEach })
        await Promise.all(
          dispatchers.map(({ aheadMs, window }) => {
            const at = instant(NOON + aheadMs)
            const outlets = [aMoodyOutlet(random, window, at)]
            return dispatchDue({ db, gate, outlets, now: () => at })
          }),
        )
        const wrong = await db.query(
          `select borrower_id, count(*)::integer from attempt where created_on = '2026-06-01' and step <> 'done'
           group by 1 having count(*) filter (where state in ('sent', 'unknown')) <> least($1::integer, $2::integer)`,
          [CAP, attemptsEach],
        )
        assert.deepEqual(wrong, [])
        await db.run(`update attempt set step = 'done'`)
      },
    ),
    { seed: SEED, numRuns: 12 },
  )
})
