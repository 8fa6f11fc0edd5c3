import type { Database } from '../platform/db/index.ts'

export type CaseDecision = {
  readonly leaf: string
  readonly leafIndex: number
  readonly batchId: string
  readonly sequence: number | null
  readonly policyHash: string
  readonly sealed: Buffer | null
  readonly keySalt: Buffer | null
}

type Row = {
  leaf: string
  leaf_index: number
  evidence_batch_id: string
  sequence: string | null
  policy_hash: string
  sealed: Buffer | null
  key_salt: Buffer | null
}

const DECISIONS = `
  select d.leaf, d.leaf_index, d.evidence_batch_id, e.sequence, d.policy_hash, p.sealed, b.key_salt
  from decision d join evidence_batch e using (evidence_batch_id) join borrower b on b.borrower_id = d.borrower_id
  left join decision_payload p on p.borrower_id = d.borrower_id and p.decision_id = d.decision_id and p.decided_on = d.decided_on`

/** Every decision of a case, oldest first. */
export async function listCaseDecisions(db: Database, caseId: string): Promise<CaseDecision[]> {
  const rows = await db.query<Row>(
    `${DECISIONS} where d.borrower_id = (select borrower_id from collection_case where case_id = $1) and d.case_id = $1
     order by d.decision_id`,
    [caseId],
  )
  return rows.map(fromRow)
}

export type FoundDecision = CaseDecision & {
  readonly borrowerId: string
  readonly decisionId: string
  readonly attemptId: string
  readonly decidedAt: string
}
export type DecisionPlace = { readonly borrowerId: string } & (
  | { readonly decisionId: string }
  /** The gate's last word on an attempt. */
  | { readonly attemptId: string }
)

/** One decision of a borrower, or the last one about an attempt; null when there is none. */
export async function findDecision(
  db: Database,
  place: DecisionPlace,
): Promise<FoundDecision | null> {
  const isById = 'decisionId' in place
  const [row] = await db.query<Row & { decision_id: string; attempt_id: string; at: string }>(
    `select found.*, d.decision_id, d.attempt_id, to_char(d.decided_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
     from (${DECISIONS} where d.borrower_id = $1 and ${isById ? 'd.decision_id' : 'd.attempt_id'} = $2
       order by d.decision_id desc limit 1) found
     join decision d on d.evidence_batch_id = found.evidence_batch_id and d.leaf_index = found.leaf_index`,
    [place.borrowerId, isById ? place.decisionId : place.attemptId],
  )
  if (row === undefined) return null
  const { decision_id: decisionId, attempt_id: attemptId, at: decidedAt } = row
  return { ...fromRow(row), borrowerId: place.borrowerId, decisionId, attemptId, decidedAt }
}

/** Decisions of all cases after one, in order, for a walk over the whole log. */
export async function listDecisionsAfter(
  db: Database,
  { sequence, leafIndex, limit }: { sequence: number; leafIndex: number; limit: number },
): Promise<CaseDecision[]> {
  const rows = await db.query<Row>(
    `${DECISIONS} where (e.sequence, d.leaf_index) > ($1, $2) order by e.sequence, d.leaf_index limit $3`,
    [sequence, leafIndex, limit],
  )
  return rows.map(fromRow)
}

function fromRow(row: Row): CaseDecision {
  return {
    leaf: row.leaf,
    leafIndex: row.leaf_index,
    batchId: row.evidence_batch_id,
    sequence: row.sequence === null ? null : Number(row.sequence),
    policyHash: row.policy_hash,
    sealed: row.sealed,
    keySalt: row.key_salt,
  }
}

export async function readBatchLeaves(db: Database, batchId: string): Promise<string[]> {
  const rows = await db.query<{ leaf: string }>(
    'select leaf from decision where evidence_batch_id = $1 order by leaf_index',
    [batchId],
  )
  return rows.map((row) => row.leaf)
}

export type PolicyVersion = { readonly hash: string; readonly packs: unknown }

export async function readPolicyVersions(
  db: Database,
  hashes: readonly string[],
): Promise<PolicyVersion[]> {
  const rows = await db.query<{ policy_hash: string; document: unknown }>(
    'select policy_hash, document from policy_version where policy_hash = any($1::text[]) order by policy_hash',
    [hashes],
  )
  return rows.map((row) => ({ hash: row.policy_hash, packs: row.document }))
}

/** What providers said of the case's messages, by decision. */
export async function listCaseReceipts(db: Database, caseId: string): Promise<object[]> {
  return db.query(
    `select a.decision_id as decision, a.state, a.line, r.line as receipt, r.detail, r.received_at as "receivedAt"
     from attempt a left join receipt r on r.provider_message_id = a.provider_message_id
       and r.provider_account_id = a.provider_account_id
     where a.borrower_id = (select borrower_id from collection_case where case_id = $1) and a.case_id = $1
       and a.decision_id is not null order by a.attempt_id, r.receipt_id`,
    [caseId],
  )
}
