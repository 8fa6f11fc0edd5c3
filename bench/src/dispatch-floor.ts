import { randomBytes, randomUUID } from 'node:crypto'
import { formatInstant, type Instant } from '@dunlin/kernel'
import {
  claimDue,
  insertDecisions,
  readConsents,
  readFacts,
  readHolds,
  updateDecided,
} from '../../server/src/contact/dispatch-store.ts'
import { updateResults } from '../../server/src/contact/result-store.ts'
import { lockBorrowers } from '../../server/src/loanbook/index.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { insertBatch } from '../../server/src/platform/evidence/index.ts'

const BATCH = 1_000
/** As many batches at once as dispatch has under way, so that the floor too decides nothing while it waits. */
const LANES = 2

/** Characters of a leaf and of an event, bytes of a sealed payload. */
export type Sizes = { readonly leaf: number; readonly payload: number; readonly event: number }

/** The same reads and writes as dispatch, in batches of 1,000, with constant content and no decision. */
export async function floorDispatch(
  db: Database,
  { at, sizes }: { at: Instant; sizes: Sizes },
): Promise<void> {
  const content = {
    leaf: filler(sizes.leaf),
    payload: randomBytes(sizes.payload),
    event: filler(sizes.event),
  }
  await Promise.all(Array.from({ length: LANES }, () => drain(db, at, content)))
}

type Content = { readonly leaf: string; readonly payload: Buffer; readonly event: string }

/** A JSON object of so many characters. */
function filler(length: number): string {
  const empty = JSON.stringify({ filler: '' })
  return JSON.stringify({ filler: 'x'.repeat(Math.max(0, length - empty.length)) })
}

async function drain(db: Database, at: Instant, content: Content): Promise<void> {
  const decidedAt = formatInstant(at)
  for (;;) {
    const permits = await db.transaction(async (tx) => {
      const claimed = await claimDue(tx, {
        ...{ channel: 'sms', at: decidedAt, limit: BATCH, notTemplates: [] },
      })
      if (claimed.length === 0) return []
      const ids = claimed.map((row) => row.borrower_id)
      await lockBorrowers(tx, ids)
      const rows = await readFacts(tx, claimed, { historyFrom: '2025-04-27T00:00:00Z' })
      await readHolds(tx, ids, decidedAt)
      await readConsents(tx, ids)
      const batchId = await insertBatch(tx, {
        decidedAt,
        root: Buffer.alloc(32),
        leafCount: rows.length,
      })
      const decisions = rows.map((row) => ({
        borrowerId: row.borrower_id,
        decisionId: row.decision_id,
        attemptId: row.attempt_id,
        caseId: row.case_id,
        verdict: 'permit',
        rules: ['cn.record.retention'],
        untilAt: null,
        policyHash: 'x'.repeat(64),
        leaf: content.leaf,
        payload: content.payload,
      }))
      await insertDecisions(tx, decisions, {
        batchId,
        decidedAt,
        decidedOn: decidedAt.slice(0, 10),
      })
      const updates = rows.map((row) => ({
        ...row,
        state: 'permitted' as const,
        at: decidedAt,
        dueAt: null,
        permitId: randomUUID(),
        decisionId: row.decision_id,
        reason: null,
        via: null,
        actorKind: null,
        actorId: null,
        parts: 1,
      }))
      await updateDecided(tx, updates, { workerId: '1', accountId: '1', cost: null })
      await outbox(tx, ids, { event: content.event, at: decidedAt })
      return updates
    })
    if (permits.length === 0) return
    await db.transaction(async (tx) => {
      const results = permits.map((row) => ({
        permitId: row.permitId,
        borrowerId: row.borrower_id,
        attemptId: row.attempt_id,
        createdOn: row.created_on,
        state: 'sent' as const,
        providerMessageId: row.permitId,
        line: null,
        reason: null,
      }))
      await updateResults(tx, results, decidedAt)
      await outbox(
        tx,
        permits.map((row) => row.borrower_id),
        { event: content.event, at: decidedAt },
      )
    })
  }
}

async function outbox(
  tx: Pick<Database, 'run'>,
  ids: readonly string[],
  { event, at }: { event: string; at: string },
): Promise<void> {
  await tx.run(
    `insert into outbox (borrower_id, event, payload, recorded_at) select b, 'contact.permitted', $2::jsonb, $3 from unnest($1::bigint[]) b`,
    [ids, event, at],
  )
}
