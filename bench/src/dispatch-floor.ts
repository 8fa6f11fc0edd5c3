import { randomBytes, randomUUID } from 'node:crypto'
import { formatInstant, type Instant } from '@dunlin/kernel'
import {
  claimDue,
  insertBatch,
  insertDecisions,
  readConsents,
  readFacts,
  readHolds,
  updateDecided,
} from '../../server/src/contact/dispatch-store.ts'
import { updateResults } from '../../server/src/contact/result-store.ts'
import { lockBorrowers } from '../../server/src/loanbook/index.ts'
import type { Database } from '../../server/src/platform/db/index.ts'

const BATCH = 1_000
/** As long as the leaf and the sealed payload of a decision are. */
const LEAF = JSON.stringify({ filler: 'x'.repeat(520) })
const PAYLOAD = randomBytes(2_600)
const EVENT = JSON.stringify({ filler: 'x'.repeat(120) })

/** The same reads and writes as dispatch, in batches of 1,000, with constant content and no decision. */
export async function floorDispatch(db: Database, at: Instant): Promise<void> {
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
        leaf: LEAF,
        payload: PAYLOAD,
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
      await outbox(tx, ids, decidedAt)
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
        decidedAt,
      )
    })
  }
}

async function outbox(
  tx: Pick<Database, 'run'>,
  ids: readonly string[],
  at: string,
): Promise<void> {
  await tx.run(
    `insert into outbox (borrower_id, event, payload, recorded_at) select b, 'contact.permitted', $2::jsonb, $3 from unnest($1::bigint[]) b`,
    [ids, EVENT, at],
  )
}
