import type { Database } from '../../../server/src/platform/db/index.ts'
import { createTestSealer } from '../../../server/src/platform/seal/index.ts'
import { insertPortfolio } from './insert-portfolio.ts'

const PAST = 10

/** One borrower, loan, case, phone and due attempt each, and ten past messages; built set-based. */
export async function seedAttempts(db: Database, count: number): Promise<void> {
  const sealer = createTestSealer()
  const sealed = sealer.seal('+8619900001234')
  const person = sealer.seal(JSON.stringify({ name: '示例' }))
  await db.run(`select ensure_month_partitions('attempt', '2026-05-01', '2026-06-30')`)
  for (const table of ['decision', 'decision_payload']) {
    await db.run(`select ensure_month_partitions($1::regclass, '2026-05-01', '2026-07-31')`, [
      table,
    ])
  }
  await insertPortfolio(db)
  await db.run(
    `insert into borrower (lender, borrower_no, sealed, key_salt, person_hash, country, zones, language)
     select '示例消费金融', n, $2, decode(md5(n::text), 'hex'), decode(md5(n::text), 'hex'), 'CN', '{Asia/Shanghai}', 'zh-CN'
     from generate_series(1, $1::integer) n`,
    [count, person],
  )
  await db.run(
    `insert into contact_point (borrower_id, kind, sealed, value_hash, masked, source)
     select borrower_id, 'phone', $1, decode(md5(borrower_id::text), 'hex'), '199****1234', 'contract' from borrower`,
    [sealed],
  )
  await db.run(
    `insert into loan (borrower_id, portfolio_id, loan_no, currency, status, ages_from_on, oldest_unpaid_due_on, arrears_principal_minor,
       outstanding_minor, needs_sync)
     select borrower_id, 1, 'L' || borrower_id, 'CNY', 'overdue', '2026-05-20', '2026-05-20', 12345, 99999, false from borrower`,
  )
  await db.run(
    `insert into collection_case (borrower_id, portfolio_id, lender, currency, state, opened_on, ages_from_on, arrears_minor)
     select borrower_id, 1, '示例消费金融', 'CNY', 'open', '2026-05-21', '2026-05-20', 12345 from borrower`,
  )
  await db.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose, state, at, line,
       permit_id, actor_kind)
     select c.borrower_id, '2026-05-20'::date + n, c.case_id, 1, p.contact_point_id, 'sms', 'outbound', 'collect', 'sent',
       '2026-05-20 03:00+00'::timestamptz + n * interval '1 day', 'delivered', gen_random_uuid(), 'robot'
     from collection_case c join contact_point p using (borrower_id) cross join generate_series(1, $1::integer) n`,
    [PAST],
  )
  await db.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose, template, step,
       state, due_at, actor_kind)
     select c.borrower_id, '2026-06-01', c.case_id, 1, p.contact_point_id, 'sms', 'outbound', 'collect', 'cn-s2-sms', 's', 'planned',
       '2026-06-01 02:00+00'::timestamptz, 'robot'
     from collection_case c join contact_point p using (borrower_id)`,
  )
  await db.run('vacuum (analyze)')
}
