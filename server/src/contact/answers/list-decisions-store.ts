import type { Sql } from '../../platform/db/index.ts'

export type DecisionFilter = {
  readonly verdict: 'permit' | 'defer' | 'refuse' | null
  /** A rule that was named in the answer. */
  readonly rule: string | null
  readonly borrowerNo: string | null
  /** The days that are looked at, the last one included. */
  readonly fromOn: string
  readonly toOn: string
}

export type DecisionRow = {
  readonly id: string
  readonly at: string
  readonly verdict: 'permit' | 'defer' | 'refuse'
  readonly rules: readonly string[]
  readonly until: string | null
  readonly channel: string
  readonly borrowerNo: string
  readonly caseId: string | null
  /** Where the page ended: the batch of the log and the place in it. */
  readonly batch: string
  readonly leaf: number
}

export type DecisionPage = { readonly batch: string; readonly leaf: number } | null

/** What the gate answered, newest first: in the order of its log, whose index spares sorting a day's millions. */
export async function listDecisions(
  sql: Sql,
  filter: DecisionFilter,
  { before, limit }: { before: DecisionPage; limit: number },
): Promise<DecisionRow[]> {
  return sql.query(
    `select d.borrower_id || '-' || d.decision_id as id, to_char(d.decided_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
       d.verdict, d.rules, to_char(d.until_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as until, a.channel,
       b.borrower_no as "borrowerNo", d.case_id as "caseId", d.evidence_batch_id as batch, d.leaf_index as leaf
     from decision d join borrower b on b.borrower_id = d.borrower_id
     join attempt a on a.borrower_id = d.borrower_id and a.attempt_id = d.attempt_id
     where d.decided_on between $1 and $2 and ($3::text is null or d.verdict = $3) and ($4::text is null or d.rules @> array[$4])
       and ($5::text is null or d.borrower_id in (select borrower_id from borrower where borrower_no = $5))
       and ($6::bigint is null or (d.evidence_batch_id, d.leaf_index) < ($6, $7::integer))
     order by d.evidence_batch_id desc, d.leaf_index desc limit $8`,
    [
      ...[filter.fromOn, filter.toOn, filter.verdict, filter.rule, filter.borrowerNo],
      ...[before?.batch ?? null, before?.leaf ?? null, limit],
    ],
  )
}
