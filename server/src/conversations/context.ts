import type { ProviderReceipt } from '../channels/inbound.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import type { Sealer } from '../platform/seal/index.ts'

export type ConversationContext = {
  readonly db: Database
  readonly sealer: Sealer
  readonly reactions: Reactions
  /** `contact`'s door: what a provider says became of our messages. */
  readonly receipts: (tx: Tx, receipts: readonly ProviderReceipt[]) => Promise<void>
  /** The words of the packs that stop a channel. */
  readonly stopWords: readonly string[]
  /** Of numbers that a provider gives in national form. */
  readonly countryCode: string
}

/** What understanding an arrival came to: done, or kept with a reason that a person can look into. */
export type Understood = { readonly error: string | null }
