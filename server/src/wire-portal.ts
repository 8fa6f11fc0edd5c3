import type { Clock } from '@dunlin/kernel'
import { ensureWeb } from './build-web.ts'
import type { Gate } from './contact/index.ts'
import type { ConversationContext } from './conversations/index.ts'
import type { PaymentsContext } from './payments/index.ts'
import { systemClock } from './platform/clock.ts'
import type { Config } from './platform/config/index.ts'
import type { Database } from './platform/db/index.ts'
import type { Reactions } from './platform/events/index.ts'
import type { Sealer } from './platform/seal/index.ts'
import type { PortalContext } from './portal-api/index.ts'

type Given = {
  readonly config: Config
  readonly db: Database
  readonly sealer: Sealer
  readonly reactions: Reactions
  readonly clock: Clock
  readonly gate: Gate
  readonly payments: PaymentsContext
  readonly conversations: ConversationContext
  readonly isDemo: boolean
}

/** What the borrower's portal works with; builds its page when these sources were not built before. */
export async function portalOf({ config, ...given }: Given): Promise<PortalContext> {
  const webFolder = await ensureWeb('portal', (line) => process.stdout.write(`${line}\n`))
  const sandboxUrl = given.isDemo ? config.clockUrl : null
  return { ...given, wall: systemClock(), sandboxUrl, webFolder }
}
