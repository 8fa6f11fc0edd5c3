import type { Database } from '../../../server/src/platform/db/index.ts'
import { insertPortfolio } from './insert-portfolio.ts'

type Seeds = {
  readonly cases: number
  readonly due: number
  /** What a borrower's record and phone are sealed as, where the bench opens them; bytes that open to nothing else. */
  readonly sealed?: { readonly person: Buffer; readonly phone: Buffer }
}

/** One borrower, phone, loan and open case each; the due ones are 14 days late today. */
export async function seedCases(db: Database, { cases, due, sealed }: Seeds): Promise<void> {
  await insertPortfolio(db)
  await db.run(`select ensure_month_partitions('attempt', '2026-05-01', '2026-07-31')`)
  await db.run(
    `insert into borrower (lender, borrower_no, sealed, key_salt, person_hash, country, zones, language)
     select '示例消费金融', n, coalesce($2::bytea, decode(repeat(md5(n::text), 2), 'hex')), decode(md5(n::text), 'hex'), decode(md5(n::text), 'hex'),
       'CN', '{Asia/Shanghai}', 'zh-CN' from generate_series(1, $1::integer) n`,
    [cases, sealed?.person ?? null],
  )
  await db.run(
    `insert into contact_point (borrower_id, kind, sealed, value_hash, masked, source)
     select borrower_id, 'phone', coalesce($1::bytea, decode(repeat(md5(borrower_id::text), 2), 'hex')), decode(md5(borrower_id::text), 'hex'),
       '199****1234', 'contract' from borrower`,
    [sealed?.phone ?? null],
  )
  const lateSince = `date '2026-06-01' - case when borrower_id % 10 < $1 then 14 else 15 + (borrower_id % 3)::integer end`
  await db.run(
    `insert into loan (borrower_id, portfolio_id, loan_no, currency, status, ages_from_on, oldest_unpaid_due_on,
       arrears_principal_minor, outstanding_minor, needs_sync)
     select borrower_id, 1, 'L' || borrower_id, 'CNY', 'overdue', ${lateSince}, ${lateSince}, 12345, 99999, false from borrower`,
    [(due / cases) * 10],
  )
  await db.run(
    `insert into collection_case (borrower_id, portfolio_id, lender, currency, state, opened_on, ages_from_on, arrears_minor,
       noted_stage, last_step, last_step_on, next_step, next_step_on)
     select borrower_id, 1, '示例消费金融', 'CNY', 'open', '2026-05-17', ages_from_on, 12345, 'S2', 's2-11-email', '2026-05-29',
       's2-14-sms', case when ages_from_on = date '2026-05-18' then date '2026-06-01' else date '2026-06-02' end
     from loan`,
  )
  await db.run('vacuum (analyze)')
}
