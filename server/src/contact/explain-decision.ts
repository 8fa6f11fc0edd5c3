import { type Explanation, explain, factsSchema, intentSchema } from '@dunlin/policy'
import type { Database } from '../platform/db/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { type DecisionPlace, findDecision, readPolicyVersions } from './evidence-store.ts'
import { openPayload } from './export-evidence.ts'
import { checkDecision, compileExported } from './model/verify-evidence.ts'

export type ExplainedDecision = {
  /** The borrower's id and the decision's own. */
  readonly id: string
  readonly attemptId: string
  readonly decidedAt: string
  readonly policyHash: string
  /** Whether the stored facts under the stored packs give the stored answer, bit for bit. */
  readonly isSame: boolean
  readonly explanation: Explanation
}

/**
 * A decision that was made, told from the facts and the packs that are stored with it, never from those of
 * today. Null when there is no such decision; after its retention only the fact that it was made is left.
 */
export async function explainDecision(
  { db, sealer }: { db: Database; sealer: Sealer },
  place: DecisionPlace,
): Promise<ExplainedDecision | 'payload erased' | null> {
  const found = await findDecision(db, place)
  if (found === null) return null
  const payload = openPayload(sealer, found)
  if (payload === 'payload erased') return payload
  const { policies } = compileExported(await readPolicyVersions(db, [found.policyHash]))
  const policy = policies.get(found.policyHash)
  if (policy === undefined)
    throw new Error(`the packs of decision ${found.decisionId} are not stored`)
  const facts = factsSchema.parse(JSON.parse(payload.facts))
  const intent = intentSchema.parse(JSON.parse(payload.intent))
  return {
    id: `${found.borrowerId}-${found.decisionId}`,
    attemptId: `${found.borrowerId}-${found.attemptId}`,
    decidedAt: found.decidedAt,
    policyHash: found.policyHash,
    isSame: checkDecision(found.leaf, payload, policies).length === 0,
    explanation: explain(policy, facts, intent),
  }
}
