import type { Sql } from '../../platform/db/index.ts'

// SQL of what a borrower sees of the debt beside the ledger.

export type Transfer = { readonly bank: string; readonly name: string; readonly account: string }

/** Where to transfer to; null where the lender has not said. */
export async function findTransfer(sql: Sql, portfolioId: string): Promise<Transfer | null> {
  const [row] = await sql.query<Transfer>(
    `select transfer_bank as bank, transfer_name as name, transfer_account as account
     from portfolio where portfolio_id = $1 and transfer_account is not null`,
    [portfolioId],
  )
  return row ?? null
}

export type Reward = {
  readonly id: string
  readonly kind: 'transfer' | 'waiver'
  readonly amountMinor: string
  readonly currency: string
  readonly reward: string
  readonly state:
    | 'granted'
    | 'placing'
    | 'waiting'
    | 'paid'
    | 'withdrawing'
    | 'withdrawn'
    | 'owed-back'
    | 'failed'
}

/** What kept promises of a case earned, the newest first. */
export async function listRewards(
  sql: Sql,
  { borrowerId, caseId }: { readonly borrowerId: string; readonly caseId: string },
): Promise<Reward[]> {
  return sql.query<Reward>(
    `select g.incentive_grant_id as id, g.kind, g.amount_minor as "amountMinor", g.currency, r.reward, g.state
     from incentive_grant g join incentive_rule r using (incentive_rule_id)
     where g.borrower_id = $1 and g.case_id = $2 order by g.incentive_grant_id desc`,
    [borrowerId, caseId],
  )
}

/** The borrower of an order; null when there is no such order. */
export async function findOrderBorrower(sql: Sql, orderId: string): Promise<string | null> {
  const [row] = await sql.query<{ borrower_id: string }>(
    'select borrower_id from payment_order where payment_order_id = $1',
    [orderId],
  )
  return row?.borrower_id ?? null
}
