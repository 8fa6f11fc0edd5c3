import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatInstant } from '@dunlin/kernel'
import { z } from 'zod'
import { utc } from '../../contact/test-gate.ts'
import { findForgotten, tellForgotten } from '../../plans/index.ts'
import { anApi, caseOf } from '../test-api.ts'

// Fourteen silent days, three for an approval, none beyond a deadline: strategies/solutions/cn.yaml.

const api = await anApi()
const { call, db, clock, reactions } = api
const caseId = await caseOf(db, 'B1')
const [owner] = await db.query<{ borrower_id: string }>(
  'select borrower_id from collection_case where case_id = $1',
  [caseId],
)
const borrowerId = owner?.borrower_id ?? ''
// Every other case ends, and the strategy has nothing left to do for this one.
await db.run(
  `update collection_case set state = 'closed', closed_on = opened_on, close_reason = 'closed' where case_id <> $1`,
  [caseId],
)
await db.run('update collection_case set next_step = null, next_step_on = null')

const items = z.array(
  z.object({
    caseId: z.string(),
    reason: z.string(),
    subjectId: z.string(),
    sinceOn: z.string(),
    lateDays: z.number(),
    owner: z.string().nullable(),
  }),
)
async function list(at: string) {
  clock.set(utc(at))
  return items.parse((await call('GET /api/v1/forgotten')).json.items)
}
const tell = () => tellForgotten(db, { reactions, at: clock.now() })
async function toldReasons(): Promise<string[]> {
  const rows = await db.query<{ reason: string }>(
    `select payload ->> 'reason' as reason from outbox where event = 'case.forgotten' order by outbox_id`,
  )
  return rows.map(({ reason }) => reason)
}
async function publish(name: 'contact.cancelled' | 'promise.cancelled', of: string) {
  await db.run(
    `insert into outbox (borrower_id, event, payload, recorded_at) values ($1, $2, $3, $4)`,
    [borrowerId, name, JSON.stringify({ caseId: of }), formatInstant(clock.now())],
  )
}

test('a case is forgotten on the local day after fourteen silent ones, not a moment earlier', async () => {
  assert.deepEqual(await list('2026-06-15T15:59:59Z'), [])
  const [found, ...more] = await list('2026-06-15T16:00:00Z')
  assert.deepEqual(found, {
    ...{ caseId, reason: 'silent', subjectId: caseId, owner: null },
    ...{ sinceOn: '2026-06-01', lateDays: 1 },
  })
  assert.deepEqual(more, [])
})

test('it is told once in a period, also when several look at one moment', async () => {
  const told = await Promise.all([tell(), tell(), tell()])
  assert.equal(
    told.reduce((sum, n) => sum + n, 0),
    1,
  )
  clock.set(utc('2026-06-29T15:59:59Z'))
  assert.equal(await tell(), 0)
  // Having been told is nothing that happened to it.
  assert.equal((await list('2026-06-29T16:00:00Z')).length, 1)
  assert.equal(await tell(), 1)
  assert.deepEqual(await toldReasons(), ['silent', 'silent'])
})

test('what the gate stopped, and what concerns another case, does not end its silence', async () => {
  await publish('contact.cancelled', caseId)
  await publish('promise.cancelled', '999999')
  assert.equal((await list('2026-06-30T02:00:00Z')).length, 1)
})

test('a next step, a note, a call-back or a hold with an end ends its silence, for as long as they may', async () => {
  const cutOff = '2026-07-01T02:00:00Z'
  const acts = [
    [`update collection_case set next_step_on = '2026-07-02' where case_id = $1`, 'step'],
    [
      `insert into case_note (borrower_id, case_id, sealed_text, author, written_at)
       select borrower_id, case_id, '\\x00', 'a', '2026-06-30T02:00:00Z' from collection_case where case_id = $1`,
      'note',
    ],
    [
      `insert into callback (borrower_id, case_id, due_at, reason, recorded_at)
       select borrower_id, case_id, '2026-07-03T02:00:00Z', 'r', '2026-06-02T02:00:00Z' from collection_case where case_id = $1`,
      'callback',
    ],
    [
      `insert into hold (borrower_id, kind, from_at, to_at, reason, source, recorded_at)
       select borrower_id, 'breathing-space', '2026-06-02', '2026-07-20', 'r', 's', '2026-06-02' from collection_case
       where case_id = $1`,
      'hold',
    ],
  ] as const
  for (const [sql, name] of acts) {
    await db
      .transaction(async (tx) => {
        await tx.run(sql, [caseId])
        assert.deepEqual(await findForgotten(tx, { at: utc(cutOff), limit: 9 }), [], name)
        const muchLater = await findForgotten(tx, { at: utc('2026-08-20T02:00:00Z'), limit: 9 })
        assert.equal(muchLater.length, 1, name)
        throw new Error('taken back')
      })
      .catch((error: unknown) => {
        if (!(error instanceof Error && error.message === 'taken back')) throw error
      })
  }
  assert.equal((await list(cutOff)).length, 1)
})

test('a matter past its deadline and a plan that waits for approval are listed and told, oldest first', async () => {
  clock.set(utc('2026-07-06T02:00:00Z'))
  const body = { caseId, reason: 'words', channel: 'call', owner: 'desk' }
  const made = z
    .object({ id: z.string(), dueOn: z.string() })
    .parse((await call('POST /api/v1/hardships', { body })).json)
  assert.equal(made.dueOn, '2026-07-13')
  const [plan] = await db.query<{ plan_id: string }>(
    `insert into plan (borrower_id, case_id, kind, scope, state, currency, amount_minor, effect, grace_days, broken_after_parts,
       reason, owed_minor, proposed_at, proposed_on, proposed_by, proposed_role, offer_until_on)
     select borrower_id, case_id, 'settlement', 'arrears', 'awaiting-approval', 'CNY', 1, 'none', 3, 2, 'r', 1,
       '2026-07-11T02:00:00Z', '2026-07-11', 'agent 7', 'agent', '2026-07-30' from collection_case where case_id = $1
     returning plan_id`,
    [caseId],
  )
  assert.deepEqual(await list('2026-07-13T15:59:59Z'), [])
  const late = await list('2026-07-14T16:00:00Z')
  assert.deepEqual(
    late.map(({ reason, subjectId, owner: by, lateDays }) => [reason, subjectId, by, lateDays]),
    [
      ['approval-late', plan?.plan_id, 'agent 7', 1],
      ['matter-late', made.id, 'desk', 2],
    ],
  )
  assert.deepEqual([await tell(), await tell()], [2, 0])
  const decision = { outcome: 'upheld', reasons: 'we wait' }
  assert.equal(
    (await call(`POST /api/v1/matters/${made.id}/decision`, { body: decision })).status,
    201,
  )
  await db.run(`update plan set state = 'declined'`)
  assert.deepEqual(await list('2026-07-15T02:00:00Z'), [])
})

test('what is closed is not silent', async () => {
  assert.equal((await list('2026-09-01T02:00:00Z')).length, 1)
  await db.run(
    `update collection_case set state = 'closed', closed_on = '2026-08-01', close_reason = 'closed'`,
  )
  assert.deepEqual(await list('2026-09-01T02:00:00Z'), [])
})
