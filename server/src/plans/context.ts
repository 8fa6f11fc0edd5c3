import type { Instant } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import type { Role } from './model/solutions.ts'

/** One operation's transaction, who is told, when it is, and what seals people's words. */
export type Work = {
  readonly tx: Tx
  readonly reactions: Reactions
  readonly sealer: Sealer
  readonly at: Instant
}

/** Who acts: a name that stands in the audit, and what it may forgive. */
export type Actor = { readonly id: string; readonly role: Role }

export type PlanRefusal = {
  readonly code: PlanCode
  readonly field: string
  readonly detail: string
}
export type PlanCode =
  | 'resource.not_found'
  | 'case.not_open'
  | 'case.no_rules'
  | 'promise.not_open'
  | 'matter.not_open'
  | 'matter.not_decided'
  | 'matter.appeal_over'
  | 'matter.same_person'
  | 'plan.statement_needed'
  | 'plan.bad_terms'
  | 'plan.not_affordable'
  | 'plan.beyond_authority'
  | 'plan.same_person'
  | 'plan.not_on_offer'
  | 'plan.not_running'
  | 'plan.running'
  | 'plan.held'
  | 'plan.bad_code'
  | 'plan.no_point'
