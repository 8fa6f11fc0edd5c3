import type { Capability, Role } from '@dunlin/contract'
import type { Clock } from '@dunlin/kernel'
import type { Gate } from '../contact/index.ts'
import type { Importer } from '../loanbook/index.ts'
import type { SignInGuard } from '../people/index.ts'
import type { Auth } from '../platform/auth/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import type { EvidenceSigner } from '../platform/evidence/index.ts'
import type { Sealer } from '../platform/seal/index.ts'

/** What the console's routes work with; made once by main.ts. */
export type ConsoleContext = {
  readonly db: Database
  readonly sealer: Sealer
  readonly reactions: Reactions
  /** The product's clock: every domain instant. */
  readonly clock: Clock
  /** The clock on the wall: sessions, leases and lock-outs are about people, also in a demo. */
  readonly wall: Clock
  /** How fast the product's clock runs: 1, or faster in a demo. */
  readonly clockRate: () => number
  readonly gate: Gate
  /** Signs what is exported of the log. */
  readonly signer: EvidenceSigner
  /** What fails behind an answer. */
  readonly onFailure: (error: unknown, subject: string) => void
  /** Shared with the open API: what is under way counts for both. */
  readonly importer: Importer
  /** The folder of the installation; uploads wait below it. */
  readonly home: string
  readonly auth: Auth
  readonly guard: SignInGuard
  readonly isDemo: boolean
  /** Addresses that the console is served at: nobody else's page may ask for a change. */
  readonly origins: readonly string[]
  /** Folder of the built console; null: a process that serves the API alone. */
  readonly webFolder: string | null
}

/** Who asks, as the routes see them. */
export type Asker = {
  readonly userId: string
  readonly sessionId: string
  readonly name: string
  readonly email: string
  readonly roles: readonly Role[]
  readonly capabilities: ReadonlySet<Capability>
  readonly agentId: string | null
  readonly teamId: string | null
  readonly team: string | null
  readonly agencyId: string | null
  readonly agency: string | null
  readonly language: 'zh-CN' | 'en'
  readonly hasTwoFactor: boolean
}

/** Which cases somebody reaches, as parameters of the stores' predicate. */
export type Reach = {
  /** Not null: cases placed with this agency and nothing else. */
  readonly agencyId: string | null
  /** Whether the whole house's book is theirs to see. */
  readonly isWide: boolean
  readonly teamId: string | null
  readonly agentId: string | null
}

/** An agent or team lead reaches their team's cases and those that nobody was given; others the whole book. */
export function reachOf({ agencyId, teamId, agentId, roles }: Asker): Reach {
  const isWide = roles.some((role) => role !== 'agent' && role !== 'team-lead')
  return { agencyId, isWide, teamId, agentId }
}
