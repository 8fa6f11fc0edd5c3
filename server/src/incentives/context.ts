import type { Clock } from '@dunlin/kernel'
import type { Merchants } from '../payments/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import type { Sealer } from '../platform/seal/index.ts'

/** What incentives work with; made once by main.ts. */
export type IncentivesContext = {
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
  readonly reactions: Reactions
  readonly merchants: Merchants
}
