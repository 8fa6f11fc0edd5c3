import type { Instant } from '@dunlin/kernel'
import type { Sql } from '../platform/db/index.ts'
import { decideErasure, type ErasureObstacle } from './model/decide-erasure.ts'
import { dayIn } from './request-erasure.ts'
import { type Erasure, listErasures, listFacts } from './retention-store.ts'

/** A wish with what stands in its way today; null: nothing, or it is decided already. */
export type ErasureStanding = Erasure & { readonly because: ErasureObstacle | null }

/** Wishes as `listErasures` gives them, each waiting one with the reason for which it may not be met today. */
export async function readErasures(
  sql: Sql,
  { state, limit, at }: { state: Erasure['state'] | null; limit: number; at: Instant },
): Promise<ErasureStanding[]> {
  const wishes = await listErasures(sql, { state, limit })
  const waiting = wishes.filter((wish) => wish.state === 'waiting')
  const facts = await listFacts(
    sql,
    waiting.map(({ borrowerId }) => borrowerId),
  )
  const obstacles = new Map(
    facts.map(({ borrowerId, zone, ...person }) => {
      const decision = decideErasure(person, dayIn(zone, at))
      return [borrowerId, decision.mayErase ? null : decision.because]
    }),
  )
  return wishes.map((wish) => ({
    ...wish,
    because: wish.state === 'waiting' ? (obstacles.get(wish.borrowerId) ?? null) : null,
  }))
}
