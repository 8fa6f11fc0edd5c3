import { required } from '@dunlin/kernel'
import type { Database, Sql } from '../platform/db/index.ts'
import { PAPER_COLUMNS, type StoredPaper } from '../platform/evidence/index.ts'
import type { DecisionColumns } from './model/verify-evidence.ts'

export type CaseDecision = {
  readonly leaf: string
  readonly leafIndex: number
  readonly batchId: string
  readonly sequence: number | null
  readonly policyHash: string
  readonly sealed: Buffer | null
  readonly keySalt: Buffer | null
  /** What the row repeats of its leaf, so that it can be asked for in SQL. */
  readonly columns: DecisionColumns
}

type Row = {
  leaf: string
  leaf_index: number
  evidence_batch_id: string
  sequence: string | null
  policy_hash: string
  sealed: Buffer | null
  key_salt: Buffer | null
  columns: DecisionColumns
}

const DECISIONS = `
  select d.leaf, d.leaf_index, d.evidence_batch_id, e.sequence, d.policy_hash, p.sealed, b.key_salt,
    json_build_object('decision', d.decision_id::text, 'borrower', d.borrower_id::text, 'attempt', d.attempt_id::text,
      'case', d.case_id::text, 'verdict', d.verdict, 'rules', d.rules, 'policy', d.policy_hash) as columns
  from decision d join evidence_batch e using (evidence_batch_id) join borrower b on b.borrower_id = d.borrower_id
  left join decision_payload p on p.borrower_id = d.borrower_id and p.decision_id = d.decision_id and p.decided_on = d.decided_on`

/** Local days of the decisions, the last one included; of one portfolio, or of all. */
export type EvidencePeriod = {
  readonly from: string
  readonly to: string
  readonly portfolio: string | null
}
/** All decisions of one case, or those of some days. */
export type EvidenceScope = { readonly caseId: string } | { readonly period: EvidencePeriod }

const OF_CASE = `d.case_id = $1
  and d.borrower_id = (select borrower_id from collection_case where case_id = $1)`
/** A row is kept under its day in UTC; what is asked for are days of the house. */
const OF_PERIOD = `d.decided_on between $1::date - 1 and $2::date + 1
  and (d.decided_at at time zone 'Asia/Shanghai')::date between $1 and $2 and ($3::text is null or exists (
  select 1 from collection_case c join portfolio p using (portfolio_id)
  where c.borrower_id = d.borrower_id and c.case_id = d.case_id and p.name = $3))`

/** The part of a question that says which decisions, and its values. */
function scopeOf(scope: EvidenceScope): [where: string, values: (string | null)[]] {
  if ('caseId' in scope) return [OF_CASE, [scope.caseId]]
  const { from, to, portfolio } = scope.period
  return [OF_PERIOD, [from, to, portfolio]]
}

/** Every decision of a case or of some days, oldest first. */
export async function listEvidence(db: Database, scope: EvidenceScope): Promise<CaseDecision[]> {
  const [where, values] = scopeOf(scope)
  const rows = await db.query<Row>(`${DECISIONS} where ${where} order by d.decision_id`, values)
  return rows.map(fromRow)
}

const PAPERS_OF_CASE = `p.case_id = $1
  and p.borrower_id = (select borrower_id from collection_case where case_id = $1)`
const PAPERS_OF_PERIOD = `(p.recorded_at at time zone 'Asia/Shanghai')::date between $1 and $2 and ($3::text is null or exists (
  select 1 from collection_case c join portfolio f using (portfolio_id)
  where c.borrower_id = p.borrower_id and c.case_id = p.case_id and f.name = $3))`

function papersOf(scope: EvidenceScope): string {
  const where = 'caseId' in scope ? PAPERS_OF_CASE : PAPERS_OF_PERIOD
  return `from paper p join evidence_batch e using (evidence_batch_id) where ${where}`
}

/** The papers of a case or of some days, oldest first. */
export function listPapers(db: Database, scope: EvidenceScope): Promise<StoredPaper[]> {
  const [, values] = scopeOf(scope)
  return db.query<StoredPaper>(
    `select ${PAPER_COLUMNS} ${papersOf(scope)} order by p.paper_id`,
    values,
  )
}

type EvidenceCount = { decisions: number; papers: number; unsealed: number }

/** How many there are, and how many of them have no place in the chain yet. */
export async function countEvidence(sql: Sql, scope: EvidenceScope): Promise<EvidenceCount> {
  const [where, values] = scopeOf(scope)
  const [row] = await sql.query<EvidenceCount>(
    `select d.count as decisions, p.count as papers, d.unsealed + p.unsealed as unsealed from
       (select count(*)::int as count, (count(*) filter (where e.sequence is null))::int as unsealed
        from decision d join evidence_batch e using (evidence_batch_id) where ${where}) d,
       (select count(*)::int as count, (count(*) filter (where e.sequence is null))::int as unsealed ${papersOf(scope)}) p`,
    values,
  )
  return required(row, 'a count')
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
  given: { sequence: number; leafIndex: number; upTo: number; limit: number },
): Promise<CaseDecision[]> {
  const rows = await db.query<Row>(
    `${DECISIONS} where (e.sequence, d.leaf_index) > ($1, $2) and e.sequence <= $3
       order by e.sequence, d.leaf_index limit $4`,
    [given.sequence, given.leafIndex, given.upTo, given.limit],
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
    columns: row.columns,
  }
}

export async function readBatchLeaves(db: Database, batchId: string): Promise<string[]> {
  const rows = await db.query<{ leaf: string }>(
    `select leaf from (select leaf, leaf_index from decision where evidence_batch_id = $1
       union all select leaf, leaf_index from paper where evidence_batch_id = $1) l order by leaf_index`,
    [batchId],
  )
  return rows.map((row) => row.leaf)
}

export type PolicyVersion = { readonly hash: string; readonly packs: unknown }

export async function readPolicyVersions(
  db: Database,
  /** Null: every one that decided something. */
  hashes: readonly string[] | null,
): Promise<PolicyVersion[]> {
  const rows = await db.query<{ policy_hash: string; document: unknown }>(
    'select policy_hash, document from policy_version where $1::text[] is null or policy_hash = any($1) order by policy_hash',
    [hashes],
  )
  return rows.map((row) => ({ hash: row.policy_hash, packs: row.document }))
}

export type PolicyVersionItem = {
  readonly hash: string
  readonly packs: readonly { readonly id: string; readonly version: string }[]
  readonly firstUsedAt: string
}

/** Every set of packs that decided something, the latest first. */
export async function listPolicyVersions(db: Database): Promise<PolicyVersionItem[]> {
  return db.query(
    `select policy_hash as hash, first_used_at as "firstUsedAt",
       (select jsonb_agg(jsonb_build_object('id', p ->> 'id', 'version', p ->> 'version') order by place)
        from jsonb_array_elements(document) with ordinality as d (p, place)) as packs
     from policy_version order by first_used_at desc, policy_hash`,
  )
}

/** What providers said of the messages behind those decisions. */
export async function listReceipts(db: Database, scope: EvidenceScope): Promise<object[]> {
  const [where, values] = scopeOf(scope)
  return db.query(
    `select a.decision_id as decision, a.state, a.line, r.line as receipt, r.detail, r.received_at as "receivedAt"
     from decision d join attempt a on a.borrower_id = d.borrower_id and a.attempt_id = d.attempt_id
       and a.decision_id = d.decision_id
     left join receipt r on r.provider_message_id = a.provider_message_id
       and r.provider_account_id = a.provider_account_id
     where ${where} order by a.attempt_id, r.receipt_id`,
    values,
  )
}
