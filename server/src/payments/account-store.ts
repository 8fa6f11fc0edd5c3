import type { Database } from '../platform/db/index.ts'
import type { MerchantRow } from './wechat-pay/merchant.ts'

// SQL of payment accounts.

/** By name, by id, or with neither the first there is. */
export type AccountFilter = { readonly name?: string; readonly accountId?: string }

/** An enabled account of WeChat Pay; null when there is none. */
export async function findMerchantRow(
  db: Database,
  { name, accountId }: AccountFilter,
): Promise<MerchantRow | null> {
  const [row] = await db.query<{
    provider_account_id: string
    name: string
    settings: unknown
    sealed_secrets: Buffer | null
  }>(
    `select provider_account_id, name, settings, sealed_secrets from provider_account
     where is_enabled and adapter = 'wechat-pay' and ($1::text is null or name = $1)
       and ($2::bigint is null or provider_account_id = $2)
     order by provider_account_id limit 1`,
    [name ?? null, accountId ?? null],
  )
  if (row === undefined) return null
  const { provider_account_id: id, settings, sealed_secrets: sealedSecrets } = row
  return { accountId: id, name: row.name, settings, sealedSecrets }
}
