import type { Database } from '../../../server/src/platform/db/index.ts'

/** The one portfolio of a bench, number 1. */
export async function insertPortfolio(db: Database): Promise<void> {
  await db.run(
    `insert into portfolio (name, lender, country, currency, zones, packs, overlay, collector_role, strategy, contact_line, complaint_line)
     values ('bench', '示例消费金融', 'CN', 'CNY', '{Asia/Shanghai}', '{cn}', 'lender-default', 'original-creditor',
       'cn-consumer-early-mid', '400-000-0000', '400-000-0001')`,
  )
}
