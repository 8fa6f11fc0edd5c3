import type { Database } from '../../platform/db/index.ts'

/** Which packs each portfolio is worked under, its overlay among them. */
export async function listPortfolioPacks(
  db: Database,
): Promise<{ name: string; packs: string[] }[]> {
  return db.query(
    `select name, case when overlay is null then packs else packs || overlay end as packs from portfolio order by name`,
  )
}
