import {
  type EpochDay,
  formatInstant,
  type Instant,
  instant,
  localDay,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import type { Database, Tx } from '../platform/db/index.ts'
import { decideErasure } from './model/decide-erasure.ts'
import { deleteRaw, findFacts, insertErasure, listSettled } from './retention-store.ts'

/** Keeps the wish to delete a person's data, with the day before which nothing goes; null when there is no such person. */
export async function requestErasure(
  tx: Tx,
  { borrowerId, by, at }: { borrowerId: string; by: string; at: Instant },
): Promise<{ erasureId: string; earliestOn: EpochDay } | null> {
  const facts = await findFacts(tx, borrowerId)
  if (facts === null) return null
  const { earliestOn } = decideErasure(facts, dayIn(facts.zone, at))
  const given = { borrowerId, by, at: formatInstant(at), earliestOn }
  return { erasureId: await insertErasure(tx, given), earliestOn }
}

const PAGE = 1000
const BY_TERM = 'retention'

/** Asks for the deletion of everybody whose term is over; a person still decides. How many were asked for. */
export async function requestDueErasures(db: Database, at: Instant): Promise<number> {
  let asked = 0
  let after = '0'
  for (;;) {
    const people = await listSettled(db, { after, limit: PAGE })
    after = people.at(-1)?.borrowerId ?? after
    for (const { borrowerId, zone, ...facts } of people) {
      const decision = decideErasure(facts, dayIn(zone, at))
      if (!decision.mayErase) continue
      const given = { borrowerId, by: BY_TERM, at: formatInstant(at) }
      await db.transaction((tx) => insertErasure(tx, { ...given, earliestOn: decision.earliestOn }))
      asked += 1
    }
    if (people.length < PAGE) return asked
  }
}

const RAW_KEPT_MS = 180 * 86_400_000

/** Forgets what providers handed us half a year after it was worked off: what it meant is kept elsewhere. */
export function forgetRaw(db: Database, at: Instant): Promise<number> {
  return db.transaction((tx) => deleteRaw(tx, formatInstant(instant(at - RAW_KEPT_MS))))
}

export function dayIn(zoneName: string, at: Instant): EpochDay {
  return localDay(required(zoneNamed(zoneName), `zone ${zoneName}`), at)
}
