import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Permit } from '../channels/permit.ts'
import { aPortfolio, day, LOANS, load } from '../loanbook/test-book.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { runCycle } from '../strategy/run-cycle.ts'
import { dispatchDue } from './index.ts'
import { aClock, aGate, aSink, utc } from './test-gate.ts'

const MORNING = utc('2026-05-31T00:10:00Z')
const MINUTE_MS = 60_000

test('a mail that is put off is offered again after 5, 15, 60 and then 240 minutes', async () => {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await db.run(`update portfolio set lender = '示例消费金融有限公司'`)
  await load(db, { kind: 'loans', text: LOANS })
  await runCycle({ db, reactions: createReactions(), asOf: day('2026-05-31'), at: MORNING })
  await db.run(`delete from attempt where step <> 's1-6-sms'`)
  await db.run(
    `update attempt a set channel = 'email', template = 'cn-s1-email', step = 's1-6-email', due_at = $1,
    contact_point_id = (select contact_point_id from contact_point p where p.borrower_id = a.borrower_id and p.kind = 'email')`,
    ['2026-05-31T00:10:00Z'],
  )
  const clock = aClock(MORNING)
  const gate = await aGate()
  const send = async (permits: readonly Permit[]) =>
    permits.map(({ permitId }) => ({
      permitId,
      fate: 'not-sent' as const,
      detail: '451 greylisted',
    }))
  const outlets = [aSink('email', clock, { send })]
  const waits: number[] = []
  for (let tries = 0; tries < 5; tries += 1) {
    const counts = await dispatchDue({ db, gate, outlets, now: clock.now })
    assert.equal(counts.notSent, 1, `try ${tries}`)
    const [next] = await db.query<{ due: string }>(
      `select extract(epoch from due_at)::text as due from attempt where state = 'planned'`,
    )
    assert.ok(next !== undefined)
    waits.push((Number(next.due) * 1000 - clock.now()) / MINUTE_MS)
    clock.set(Number(next.due) * 1000)
  }
  assert.deepEqual(waits, [5, 15, 60, 240, 240])
})
