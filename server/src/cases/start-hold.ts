import { formatInstant, type Instant } from '@dunlin/kernel'
import type { HOLD_KINDS } from '@dunlin/policy'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import { endHoldAt, insertHold } from './case-store.ts'

export type Hold = {
  readonly borrowerId: string
  readonly kind: (typeof HOLD_KINDS)[number]
  /** Null keys of the scope mean everything. */
  readonly scope: {
    readonly partyId?: string | undefined
    readonly channel?: string | undefined
    readonly contactPointId?: string | undefined
    readonly debts?: readonly string[] | undefined
    readonly hours?: readonly string[] | undefined
    readonly days?: readonly string[] | undefined
    readonly place?: string | undefined
  }
  readonly from: Instant
  readonly to: Instant | null
  readonly reason: string
  /** Who asked: borrower, agent, api. */
  readonly source: string
}

/** Stops contact from `from` on, for as far as the scope says. In force for the gate when this commits. */
export async function startHold(
  { tx, reactions, at }: { tx: Tx; reactions: Reactions; at: Instant },
  hold: Hold,
): Promise<string> {
  const { borrowerId, kind, scope, from, to, reason, source } = hold
  await lockBorrowers(tx, [borrowerId])
  const holdId = await insertHold(tx, {
    borrowerId,
    kind,
    partyId: scope.partyId ?? null,
    channel: scope.channel ?? null,
    contactPointId: scope.contactPointId ?? null,
    debts: scope.debts ?? null,
    hours: scope.hours ?? null,
    days: scope.days ?? null,
    place: scope.place ?? null,
    fromAt: formatInstant(from),
    toAt: to === null ? null : formatInstant(to),
    reason,
    source,
    recordedAt: formatInstant(at),
  })
  const payload = {
    ...{ holdId, kind, source },
    partyId: scope.partyId ?? null,
    channel: scope.channel ?? null,
    contactPointId: scope.contactPointId ?? null,
    from: formatInstant(from),
    to: to === null ? null : formatInstant(to),
  }
  await reactions.publish(tx, [{ name: 'hold.started', borrowerId, payload }], at)
  return holdId
}

/** Ends a hold now; false when it was not open. */
export async function endHold(
  { tx, reactions, at }: { tx: Tx; reactions: Reactions; at: Instant },
  { borrowerId, holdId }: { borrowerId: string; holdId: string },
): Promise<boolean> {
  await lockBorrowers(tx, [borrowerId])
  const ended = await endHoldAt(tx, { borrowerId, holdId, at: formatInstant(at) })
  if (ended)
    await reactions.publish(
      tx,
      [{ name: 'hold.ended', borrowerId, payload: { holdId, endedAt: formatInstant(at) } }],
      at,
    )
  return ended
}
