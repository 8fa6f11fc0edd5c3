import type { Clock } from '@dunlin/kernel'
import type { Gate } from '../contact/index.ts'
import type { ConversationContext } from '../conversations/index.ts'
import type { PaymentsContext } from '../payments/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import type { Sealer } from '../platform/seal/index.ts'

/** What the portal's routes work with; made once by main.ts. */
export type PortalContext = {
  readonly db: Database
  readonly sealer: Sealer
  readonly reactions: Reactions
  /** The product's clock: every domain instant. */
  readonly clock: Clock
  /** The clock on the wall: codes, sessions and limits are about people, also in a demo. */
  readonly wall: Clock
  readonly gate: Gate
  readonly payments: PaymentsContext
  readonly conversations: ConversationContext
  readonly isDemo: boolean
  /** Where the sandbox lets a made-up borrower pay; null outside a demo. */
  readonly sandboxUrl: string | null
  /** Folder of the built portal; null: a process that serves the API alone. */
  readonly webFolder: string | null
}

/** Who acts in the audit and in the domains' records. Forgives nothing that an agent may not forgive alone. */
export const BORROWER = { id: 'borrower', role: 'agent' } as const
