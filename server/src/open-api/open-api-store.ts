import type { Database, Sql } from '../platform/db/index.ts'

// Reads of the API. Names and numbers leave the database masked or not at all.

/** Loans of a number, in a portfolio or anywhere; two at most, which is one too many. */
export async function listLoansNumbered(
  sql: Sql,
  { loanNo, portfolio }: { loanNo: string; portfolio: string | null },
): Promise<{ portfolio: string; currency: string }[]> {
  return sql.query(
    `select p.name as portfolio, l.currency from portfolio p join loan l using (portfolio_id)
     where l.loan_no = $1 and ($2::text is null or p.name = $2) limit 2`,
    [loanNo, portfolio],
  )
}

export type CaseRow = {
  case_id: string
  borrower_id: string
  borrower_no: string
  sealed: Buffer
  portfolio: string
  zone: string
  currency: string
  state: string
  stage: string | null
  opened_on: string
  closed_on: string | null
  close_reason: string | null
  ages_from_days: number | null
  held_dpd: number | null
  arrears_minor: string
  next_due_on: string | null
  next_due_minor: string
  next_step: string | null
  next_step_on: string | null
}

const CASE = `
  select c.case_id, c.borrower_id, b.borrower_no, b.sealed, p.name as portfolio, p.zones[1] as zone, c.currency, c.state, c.noted_stage as stage,
    c.opened_on, c.closed_on, c.close_reason, c.ages_from_on - date '1970-01-01' as ages_from_days, c.held_dpd,
    c.arrears_minor, c.next_due_on, c.next_due_minor, c.next_step, c.next_step_on
  from collection_case c join borrower b using (borrower_id) join portfolio p using (portfolio_id)`

export async function listCases(
  db: Database,
  filter: { after: string; limit: number; state: string | null; stage: string | null },
): Promise<CaseRow[]> {
  return db.query(
    `${CASE} where c.case_id > $1 and ($2::text is null or c.state = $2) and ($3::text is null or c.noted_stage = $3)
     order by c.case_id limit $4`,
    [filter.after, filter.state, filter.stage, filter.limit],
  )
}

/** Open cases in the order in which they want a person: distress, words that wait for one, promises due, then the largest arrears. */
export async function listWorklist(db: Database, limit: number): Promise<CaseRow[]> {
  return db.query(
    `${CASE} left join (select distinct on (borrower_id, case_id) borrower_id, case_id, due_on from promise
       where state in ('open', 'broken') order by borrower_id, case_id, promise_id desc) r
       on r.borrower_id = c.borrower_id and r.case_id = c.case_id
     left join conversation n on n.borrower_id = c.borrower_id and n.state = 'open' and n.needs_person_at is not null
     where c.state = 'open' order by (n.needs_person_reason = 'distress') desc nulls last, n.needs_person_at nulls last, r.due_on nulls last, c.arrears_minor desc, c.case_id limit $1`,
    [limit],
  )
}

export async function findCase(sql: Sql, caseId: string): Promise<CaseRow | null> {
  const [row] = await sql.query<CaseRow>(`${CASE} where c.case_id = $1`, [caseId])
  return row ?? null
}

export type TimelineRow = { at: string; event: string; payload: Record<string, unknown> }

/** What happened to a borrower, newest first. */
export async function listTimeline(
  db: Database,
  borrowerId: string,
  limit: number,
): Promise<TimelineRow[]> {
  return db.query(
    `select to_char(recorded_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at, event, payload
     from outbox where borrower_id = $1 order by outbox_id desc limit $2`,
    [borrowerId, limit],
  )
}

export async function isMigrated(db: Database): Promise<boolean> {
  const [row] = await db.query<{ count: string }>('select count(*) from schema_migration')
  return Number(row?.count ?? 0) > 0
}

/** Whether a party and a contact point are the borrower's. */
export async function readScope(
  sql: Sql,
  given: { borrowerId: string; partyId: string | null; contactPointId: string | null },
): Promise<{ hasParty: boolean; hasPoint: boolean }> {
  const [row] = await sql.query<{ hasParty: boolean; hasPoint: boolean }>(
    `select exists (select 1 from party where borrower_id = $1 and party_id = $2) as "hasParty",
       exists (select 1 from contact_point where borrower_id = $1 and contact_point_id = $3) as "hasPoint"`,
    [given.borrowerId, given.partyId, given.contactPointId],
  )
  return row ?? { hasParty: false, hasPoint: false }
}

/** Whether every decision of a case stands in the chain. */
export async function isCaseSealed(db: Database, caseId: string): Promise<boolean> {
  const [row] = await db.query<{ sealed: boolean }>(
    `select not exists (select 1 from decision d join evidence_batch e using (evidence_batch_id)
       where d.borrower_id = (select borrower_id from collection_case where case_id = $1) and d.case_id = $1
         and e.sequence is null) as sealed`,
    [caseId],
  )
  return row?.sealed === true
}

/** The country whose norms a statement was measured by; null when there is no such statement. */
export async function findStatementCountry(sql: Sql, statementId: string): Promise<string | null> {
  const [row] = await sql.query<{ country: string }>(
    `select p.country from affordability_statement s join collection_case c using (borrower_id, case_id)
     join portfolio p using (portfolio_id) where s.statement_id = $1`,
    [statementId],
  )
  return row?.country ?? null
}

/** The packs and the overlay that a portfolio is under; null when there is none of that name. */
export async function findPortfolioPacks(
  sql: Sql,
  name: string,
): Promise<{ packs: string[]; overlay: string | null } | null> {
  const [row] = await sql.query<{ packs: string[]; overlay: string | null }>(
    'select packs, overlay from portfolio where name = $1',
    [name],
  )
  return row ?? null
}
