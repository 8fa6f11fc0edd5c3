import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Sql, Tx } from '../platform/db/index.ts'
import type { Difference, Movement } from './model/compare-bill.ts'

// SQL of reconciliations.

/** What of a provider's day stands with us: orders paid on it, refunds asked for on it. */
export async function listMovements(
  sql: Sql,
  { accountId, day }: { accountId: string; day: string },
): Promise<Movement[]> {
  const rows = await sql.query<{
    subject: Movement['subject']
    number: string
    amount_minor: string
  }>(
    `select 'payment' as subject, out_trade_no as number, total_minor as amount_minor from payment_order
     where provider_account_id = $1 and paid_on = $2
     union all
     select 'refund', r.out_refund_no, r.amount_minor from payment_refund r join payment_order o using (borrower_id, payment_order_id)
     where o.provider_account_id = $1 and r.made_on = $2 and r.state in ('processing', 'done', 'abnormal')
     order by 1, 2`,
    [accountId, day],
  )
  return rows.map(({ subject, number, amount_minor: amount }) => ({
    ...{ subject, number, amountMinor: BigInt(amount) },
  }))
}

export type Reconciliation = {
  readonly accountId: string
  readonly day: string
  readonly sha1: string | null
  readonly billLines: number
  readonly billPaidMinor: bigint
  readonly billRefundedMinor: bigint
  readonly oursPaidMinor: bigint
  readonly oursRefundedMinor: bigint
  readonly settledLate: number
  readonly differences: readonly Difference[]
}

export async function insertReconciliation(
  tx: Tx,
  report: Reconciliation,
  at: Instant,
): Promise<string> {
  const [row] = await tx.query<{ id: string }>(
    `insert into payment_reconciliation (provider_account_id, bill_on, bill_sha1, currency, bill_lines, bill_paid_minor,
       bill_refunded_minor, ours_paid_minor, ours_refunded_minor, settled_late, made_at)
     values ($1, $2, $3, 'CNY', $4, $5, $6, $7, $8, $9, $10) returning payment_reconciliation_id as id`,
    [
      report.accountId,
      report.day,
      report.sha1,
      report.billLines,
      report.billPaidMinor,
      report.billRefundedMinor,
      report.oursPaidMinor,
      report.oursRefundedMinor,
      report.settledLate,
      formatInstant(at),
    ],
  )
  if (row === undefined) throw new Error('no reconciliation was stored')
  for (const [index, each] of report.differences.entries()) {
    await tx.run(
      `insert into payment_difference (payment_reconciliation_id, line, kind, subject, number, currency, ours_minor, theirs_minor)
       values ($1, $2, $3, $4, $5, 'CNY', $6, $7)`,
      [row.id, index + 1, each.kind, each.subject, each.number, each.oursMinor, each.theirsMinor],
    )
  }
  return row.id
}
