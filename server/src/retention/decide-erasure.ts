import { formatInstant, type Instant, ok, type Result, refused } from '@dunlin/kernel'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { decideErasure as mayErase } from './model/decide-erasure.ts'
import { dayIn } from './request-erasure.ts'
import { eraseRows, findErasure, findFacts, updateErasure } from './retention-store.ts'

export type ErasureRefusal = {
  readonly code: 'resource.not_found' | 'erasure.same_person' | 'erasure.not_yet'
  readonly detail: string
}

const WORDS = {
  still_owed: 'something is still owed',
  case_open: 'a case is open',
  matter_open: 'a dispute, a complaint or the like is open',
  retention: 'the term for which the data must be kept is not over',
} as const

/**
 * A second person's word on a wish. When it is yes, all that is the person's goes in this transaction: what was sealed
 * is emptied, the salt of the evidence's key is gone, and inclusion still verifies. What the law says must be kept is kept.
 */
export async function decideErasure(
  { tx, reactions, sealer, at }: { tx: Tx; reactions: Reactions; sealer: Sealer; at: Instant },
  given: { erasureId: string; verdict: 'done' | 'refused'; reason: string; by: string },
): Promise<Result<{ state: 'done' | 'refused' }, ErasureRefusal>> {
  const { erasureId, verdict, reason, by } = given
  const found = await findErasure(tx, erasureId)
  const isWaiting = found?.state === 'waiting'
  if (!isWaiting) return no('resource.not_found', `there is no waiting wish ${erasureId}`)
  if (found.askedBy === by)
    return no('erasure.same_person', 'another person than the one who asked decides')
  const { borrowerId } = found
  await lockBorrowers(tx, [borrowerId])
  const facts = await findFacts(tx, borrowerId)
  if (facts === null) return no('resource.not_found', 'the person’s data is gone already')
  const decision = mayErase(facts, dayIn(facts.zone, at))
  if (verdict === 'done' && !decision.mayErase)
    return no('erasure.not_yet', WORDS[decision.because])
  const when = formatInstant(at)
  await updateErasure(tx, { id: erasureId, borrowerId, state: verdict, by, at: when, reason })
  if (verdict === 'done') {
    const nobody = sealer.seal(JSON.stringify({ name: '***' }))
    await eraseRows(tx, { borrowerId, at: when, nobody })
    await reactions.publish(tx, [{ name: 'borrower.erased', borrowerId, payload: {} }], at)
  }
  return ok({ state: verdict })
}

function no(code: ErasureRefusal['code'], detail: string): Result<never, ErasureRefusal> {
  return refused({ code, detail })
}
