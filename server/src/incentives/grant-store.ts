import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Sql, Tx } from '../platform/db/index.ts'
import type { GrantState } from './model/grant-state.ts'

// SQL of grants.

export type GrantKey = { readonly borrowerId: string; readonly grantId: string }
export type Grant = GrantKey & {
  readonly ruleId: string
  readonly promiseId: string
  readonly caseId: string
  readonly kind: 'transfer' | 'waiver'
  readonly currency: string
  readonly amountMinor: bigint
  readonly state: GrantState
  readonly outBillNo: string | null
  readonly sealedOpenid: Buffer | null
  readonly packageInfo: string | null
  readonly waivedLoanId: string | null
  readonly waivedEventNo: string | null
  readonly failure: string | null
  readonly accountId: string | null
  readonly scene: string | null
  readonly activity: string
  readonly reward: string
}

type GrantRow = {
  borrower_id: string
  incentive_grant_id: string
  incentive_rule_id: string
  promise_id: string
  case_id: string
  kind: Grant['kind']
  currency: string
  amount_minor: string
  state: GrantState
  out_bill_no: string | null
  sealed_openid: Buffer | null
  package_info: string | null
  waived_loan_id: string | null
  waived_event_no: string | null
  failure: string | null
  provider_account_id: string | null
  scene: string | null
  activity: string
  reward: string
}

const SELECT = `select g.*, s.provider_account_id, s.scene, r.activity, r.reward from incentive_grant g
  join incentive_rule r using (incentive_rule_id) left join incentive_scene s using (incentive_scene_id)`

function fromRow(row: GrantRow): Grant {
  return {
    borrowerId: row.borrower_id,
    grantId: row.incentive_grant_id,
    ruleId: row.incentive_rule_id,
    promiseId: row.promise_id,
    caseId: row.case_id,
    kind: row.kind,
    currency: row.currency,
    amountMinor: BigInt(row.amount_minor),
    state: row.state,
    outBillNo: row.out_bill_no,
    sealedOpenid: row.sealed_openid,
    packageInfo: row.package_info,
    waivedLoanId: row.waived_loan_id,
    waivedEventNo: row.waived_event_no,
    failure: row.failure,
    accountId: row.provider_account_id,
    scene: row.scene,
    activity: row.activity,
    reward: row.reward,
  }
}

/** Stores a grant; null when the promise has one already. */
export async function insertGrant(
  tx: Tx,
  grant: Pick<
    Grant,
    'borrowerId' | 'ruleId' | 'promiseId' | 'caseId' | 'kind' | 'currency' | 'amountMinor'
  >,
  at: Instant,
): Promise<string | null> {
  const [row] = await tx.query<{ id: string }>(
    `insert into incentive_grant (borrower_id, incentive_rule_id, promise_id, case_id, kind, currency, amount_minor, state, granted_at)
     values ($1, $2, $3, $4, $5, $6, $7, 'granted', $8)
     on conflict (borrower_id, promise_id) do nothing returning incentive_grant_id as id`,
    [
      grant.borrowerId,
      grant.ruleId,
      grant.promiseId,
      grant.caseId,
      grant.kind,
      grant.currency,
      grant.amountMinor,
      formatInstant(at),
    ],
  )
  return row?.id ?? null
}

async function one(sql: Sql, where: string, values: readonly string[]): Promise<Grant | null> {
  const [row] = await sql.query<GrantRow>(`${SELECT} where ${where}`, values)
  return row === undefined ? null : fromRow(row)
}

export function readGrant(sql: Sql, grantId: string): Promise<Grant | null> {
  return one(sql, 'g.incentive_grant_id = $1', [grantId])
}
export function findGrantNumbered(sql: Sql, outBillNo: string): Promise<Grant | null> {
  return one(sql, 'g.out_bill_no = $1', [outBillNo])
}
export function findGrantOf(
  sql: Sql,
  { borrowerId, promiseId }: { borrowerId: string; promiseId: string },
): Promise<Grant | null> {
  return one(sql, 'g.borrower_id = $1 and g.promise_id = $2', [borrowerId, promiseId])
}

export async function listGrantsOf(sql: Sql, caseId: string): Promise<Grant[]> {
  const rows = await sql.query<GrantRow>(
    `${SELECT} where (g.borrower_id, g.case_id) in (select borrower_id, case_id from collection_case where case_id = $1)
     order by g.incentive_grant_id`,
    [caseId],
  )
  return rows.map(fromRow)
}

/** Grants with something to do that nobody has looked at since an instant. */
export async function listDueGrants(
  sql: Sql,
  { before, limit }: { before: Instant; limit: number },
): Promise<Grant[]> {
  const rows = await sql.query<GrantRow>(
    `${SELECT} where (g.state in ('placing', 'waiting', 'withdrawing') or (g.state = 'granted' and g.kind = 'waiver'))
       and coalesce(g.asked_at, g.granted_at) <= $1 order by g.asked_at nulls first limit $2`,
    [formatInstant(before), limit],
  )
  return rows.map(fromRow)
}

export type GrantChange = {
  readonly state: GrantState
  readonly outBillNo?: string | null
  readonly sealedOpenid?: Buffer | null
  readonly packageInfo?: string | null
  readonly failure?: string | null
  readonly waivedLoanId?: string | null
  readonly waivedEventNo?: string | null
  readonly paidAt?: Instant | null
}

/** Changes a grant; the caller holds its borrower's lock and has read it under it. */
export async function updateGrant(
  tx: Tx,
  grant: Grant,
  { change, at }: { change: GrantChange; at: Instant },
): Promise<void> {
  const next = { ...grant, ...change }
  const paidAt = change.paidAt
  await tx.run(
    `update incentive_grant set state = $3, out_bill_no = $4, sealed_openid = $5, package_info = $6, failure = $7,
       waived_loan_id = $8, waived_event_no = $9, asked_at = $10,
       paid_at = case when $12 then $11::timestamptz else paid_at end
     where borrower_id = $1 and incentive_grant_id = $2`,
    [
      grant.borrowerId,
      grant.grantId,
      next.state,
      next.outBillNo,
      next.sealedOpenid,
      next.packageInfo,
      next.failure,
      next.waivedLoanId,
      next.waivedEventNo,
      formatInstant(at),
      paidAt === undefined || paidAt === null ? null : formatInstant(paidAt),
      paidAt !== undefined,
    ],
  )
}

/** The loan of a borrower that owes most among those of the case's currency; null when nothing is owed. */
export async function findWaivableLoan(
  tx: Tx,
  { borrowerId, caseId, amountMinor }: Pick<Grant, 'borrowerId' | 'caseId' | 'amountMinor'>,
): Promise<{ loanId: string; loanNo: string; portfolio: string; zone: string } | null> {
  const [row] = await tx.query<{
    loan_id: string
    loan_no: string
    portfolio: string
    zone: string
  }>(
    `select l.loan_id, l.loan_no, p.name as portfolio, p.zones[1] as zone from loan l join portfolio p using (portfolio_id)
     join collection_case c on c.borrower_id = l.borrower_id and c.case_id = $2 and c.lender = p.lender and c.currency = l.currency
     where l.borrower_id = $1 and l.outstanding_minor - l.credit_minor >= $3
     order by l.oldest_unpaid_due_on nulls last, l.loan_id limit 1`,
    [borrowerId, caseId, amountMinor],
  )
  return row === undefined
    ? null
    : { loanId: row.loan_id, loanNo: row.loan_no, portfolio: row.portfolio, zone: row.zone }
}

export async function findLoanOfWaiver(
  tx: Tx,
  { borrowerId, loanId }: { borrowerId: string; loanId: string },
): Promise<{ loanNo: string; portfolio: string; zone: string } | null> {
  const [row] = await tx.query<{ loan_no: string; portfolio: string; zone: string }>(
    `select l.loan_no, p.name as portfolio, p.zones[1] as zone from loan l join portfolio p using (portfolio_id)
     where l.borrower_id = $1 and l.loan_id = $2`,
    [borrowerId, loanId],
  )
  return row === undefined
    ? null
    : { loanNo: row.loan_no, portfolio: row.portfolio, zone: row.zone }
}
