import type { Clock } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import type { InboundHandlers } from '../inbound.ts'
import type { WecomApi } from './api-client.ts'

/** An open account that takes what comes in. */
export type WecomReceiver = {
  readonly accountId: string
  readonly api: WecomApi
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
  readonly handlers: InboundHandlers
}
