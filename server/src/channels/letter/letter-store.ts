import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'

/** The range that an account numbers its letters from. */
export type Range = { readonly accountId: string; readonly from: number; readonly to: number }

/** Another number for each account at a time: two letters never get the same. */
const NUMBERS_LOCK = 4_707_029

/**
 * The number of a permit's letter, kept before the letter exists: the same permit has the same. Null when the
 * range is used up.
 */
export function reserveNumber(
  db: Database,
  { accountId, from, to }: Range,
  { permitId, at }: { readonly permitId: string; readonly at: Instant },
): Promise<number | null> {
  return db.transaction(async (tx) => {
    await tx.run('select pg_advisory_xact_lock($1, $2)', [NUMBERS_LOCK, Number(accountId)])
    const [row] = await tx.query<{ number: number | null }>(
      `with kept as (select number from letter where permit_id = $2),
         next as (select coalesce(max(number) + 1, $3::int) as number from letter
           where provider_account_id = $1 and number between $3 and $4),
         made as (insert into letter (provider_account_id, permit_id, number, reserved_at)
           select $1, $2, greatest(number, $3), $5 from next
           where number <= $4 and not exists (select 1 from kept) returning number)
       select coalesce((select number from kept), (select number from made)) as number`,
      [accountId, permitId, from, to, formatInstant(at)],
    )
    return row?.number ?? null
  })
}

/** The permit of a numbered letter; null for a number that we never used. */
export async function permitOfNumber(
  db: Database,
  { accountId, number }: { readonly accountId: string; readonly number: number },
): Promise<string | null> {
  const [row] = await db.query<{ permit_id: string }>(
    'select permit_id from letter where provider_account_id = $1 and number = $2',
    [accountId, number],
  )
  return row?.permit_id ?? null
}
