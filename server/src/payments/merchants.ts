import type { Clock } from '@dunlin/kernel'
import type { Database } from '../platform/db/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { type AccountFilter, findMerchantRow } from './account-store.ts'
import { type Merchant, openMerchant } from './wechat-pay/merchant.ts'

/** Open accounts of WeChat Pay. */
export type Merchants = {
  /** An account that is enabled; null when there is none. Throws when its settings are wrong. */
  readonly find: (which: AccountFilter) => Promise<Merchant | null>
}

/** Opens accounts when they are first needed, and again when their settings or secrets change. */
export function createMerchants(given: {
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
}): Merchants {
  const open = new Map<string, { readonly print: string; readonly merchant: Merchant }>()
  return {
    find: async (which) => {
      const row = await findMerchantRow(given.db, which)
      if (row === null) return null
      const print = `${JSON.stringify(row.settings)} ${row.sealedSecrets?.toString('base64') ?? ''}`
      const known = open.get(row.accountId)
      if (known?.print === print) return known.merchant
      const merchant = openMerchant(row, given)
      open.set(row.accountId, { print, merchant })
      return merchant
    },
  }
}
