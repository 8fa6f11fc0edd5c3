import assert from 'node:assert/strict'
import type { SubmitLog } from '../../sandbox/src/index.ts'
import { permitReference } from '../../server/src/channels/sms/submit-fields.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { createTestSealer } from '../../server/src/platform/seal/index.ts'
import { CAP } from './fault-book.ts'

type PermitRow = {
  borrower_id: string
  state: string
  line: string | null
  permit_id: string
  message_id: string | null
  sealed: Buffer
}

/**
 * What must hold whatever died: every permit has an end, none reached the provider twice, what is
 * called sent is what the provider has, and nobody got, or may have got, more than the cap.
 */
export async function assertKept(db: Database, log: SubmitLog): Promise<void> {
  const permits = await db.query<PermitRow>(
    `select a.borrower_id, a.state, a.line, a.permit_id, a.provider_message_id as message_id, p.sealed
     from attempt a join contact_point p using (borrower_id, contact_point_id) where a.permit_id is not null`,
  )
  const ends = new Set(permits.map(({ state }) => state))
  assert.deepEqual([...ends.difference(new Set(['sent', 'failed', 'unknown']))], [])
  assertOnce(permits, log)
  await assertOnePermitEach(db)
  const possible = Map.groupBy(
    permits.filter(({ state }) => state !== 'failed'),
    (row) => row.borrower_id,
  )
  for (const [borrower, rows] of possible) {
    assert.ok(rows.length <= CAP, `borrower ${borrower} may have got ${rows.length} messages`)
  }
}

/** A permit is known at the provider by its receiver and 16 bits of its id. */
function assertOnce(permits: readonly PermitRow[], log: SubmitLog): void {
  const sealer = createTestSealer()
  const keyOf = (phone: string, reference: number | null) => `${phone} ${reference}`
  const submits = log.list()
  assert.equal(submits.length, log.summary().accepted, 'the log is whole')
  const keyed = permits.map((row) => ({
    ...row,
    key: keyOf(sealer.open(row.sealed).replace(/\D/g, ''), permitReference(row.permit_id)),
  }))
  const permitsByKey = Map.groupBy(keyed, ({ key }) => key)
  const submitsByKey = Map.groupBy(submits, ({ to, reference }) => keyOf(to, reference))
  for (const [key, arrived] of submitsByKey) {
    const allowed = permitsByKey.get(key)?.length ?? 0
    assert.ok(arrived.length <= allowed, `${key}: ${allowed} permits, sent ${arrived.length} times`)
  }
  const byMessage = new Map(submits.map((entry) => [entry.messageId, entry]))
  const sent = keyed.filter(({ state }) => state === 'sent')
  assert.equal(new Set(sent.map((row) => row.message_id)).size, sent.length)
  for (const { key, message_id } of sent) {
    const entry = byMessage.get(message_id ?? '')
    assert.equal(entry === undefined ? null : keyOf(entry.to, entry.reference), key)
  }
  const failed = keyed.filter(({ state }) => state === 'failed').map(({ key }) => key)
  const others = new Set(keyed.filter(({ state }) => state !== 'failed').map(({ key }) => key))
  for (const key of failed) {
    assert.ok(others.has(key) || !submitsByKey.has(key), `${key} failed and was sent`)
  }
}

async function assertOnePermitEach(db: Database): Promise<void> {
  const twice = await db.query(
    `select attempt_id from decision where verdict = 'permit' group by attempt_id having count(*) > 1`,
  )
  assert.deepEqual(twice, [])
}
