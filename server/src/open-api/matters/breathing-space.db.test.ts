import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '@dunlin/kernel'
import { utc } from '../../contact/test-gate.ts'
import { endBreathingSpaces } from '../../plans/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { anApi, caseOf } from '../test-api.ts'

const MIDNIGHT = utc('2026-07-31T23:00:00Z')

async function endOf(db: Database, holdId: unknown): Promise<number | null> {
  const [hold] = await db.query<{ at: string | null }>(
    'select extract(epoch from to_at) * 1000 as at from hold where hold_id = $1',
    [String(holdId)],
  )
  return hold?.at == null ? null : Number(hold.at)
}

test('in the United Kingdom a breathing space lasts 60 days from the day after, ends by itself, and is told', async () => {
  const api = await anApi()
  const { call, db, gate, reactions } = api
  await db.run(`update portfolio set country = 'GB', zones = '{Europe/London}'`)
  const body = { caseId: await caseOf(db, 'B1'), reason: 'registered', channel: 'letter' }
  const { json } = await call('POST /api/v1/breathing-spaces', { body })
  assert.equal(json.dueOn, '2026-08-01')
  assert.equal(await endOf(db, json.holdId), MIDNIGHT)
  const end = (at: number) =>
    endBreathingSpaces(db, { gate, reactions, sealer: gate.sealer, at: instant(at) })
  assert.equal(await end(MIDNIGHT - 1), 0)
  const [one, other] = await Promise.all([end(MIDNIGHT), end(MIDNIGHT + 1)])
  assert.equal(one + other, 1, 'once, however many look')
  const matter = (await call(`GET /api/v1/matters/${json.id}`)).json
  assert.deepEqual([matter.state, matter.outcome], ['closed', 'upheld'])
  const steps = JSON.stringify(matter.steps)
  assert.match(steps, /"(telling|told|not-told)"/)
  assert.equal(await end(MIDNIGHT + 1_000), 0)
})

test('where no law gives it a length, a person ends it', async () => {
  const { call, db } = await anApi()
  const body = { caseId: await caseOf(db, 'B1'), reason: 'asks for time', channel: 'call' }
  const { json } = await call('POST /api/v1/breathing-spaces', { body })
  assert.equal(await endOf(db, json.holdId), null)
})
