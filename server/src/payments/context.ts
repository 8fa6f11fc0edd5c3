import type { Clock } from '@dunlin/kernel'
import type { Database } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import type { LedgerPort } from './ledger-port.ts'
import type { Merchants } from './merchants.ts'

/** What payments work with; made once by main.ts. */
export type PaymentsContext = {
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
  readonly reactions: Reactions
  readonly ledger: LedgerPort
  readonly merchants: Merchants
}
