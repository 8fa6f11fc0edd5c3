import {
  type EpochDay,
  formatInstant,
  formatLocalDate,
  type Instant,
  ok,
  type Result,
  refused,
} from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import { endAssignments } from './assignment-store.ts'
import {
  closePlacement,
  endPlacedCases,
  findAgency,
  insertPlacedCases,
  insertPlacement,
  listToRecall,
} from './placement-store.ts'

export type PlacementRefusal = {
  readonly code:
    | 'placement.unknown_agency'
    | 'placement.agency_not_listed'
    | 'placement.name_taken'
    | 'placement.not_open'
  readonly detail: string
  readonly field: string
}
type Change = { readonly tx: Tx; readonly reactions: Reactions; readonly at: Instant }

const CASES_MAX = 100_000

/**
 * Gives a batch of open cases to an outside agency until a day. Only an agency on the published list gets any: the
 * gate would refuse its contacts. Who had the cases has them no longer; caps and holds stay shared.
 */
export async function placeCases(
  { tx, reactions, at }: Change,
  given: {
    name: string
    agency: string
    portfolio: string
    recallOn: EpochDay
    stages: readonly string[] | null
    caseIds: readonly string[] | null
    by: string
  },
): Promise<Result<{ placementId: string; cases: number }, PlacementRefusal>> {
  const { name, agency } = given
  const found = await findAgency(tx, agency)
  if (found === null) return no('placement.unknown_agency', `there is no agency ${agency}`)
  if (!found.isListed)
    return no('placement.agency_not_listed', `${agency} is not on the published list`)
  const when = formatInstant(at)
  const recallOn = formatLocalDate(given.recallOn)
  const placementId = await insertPlacement(tx, { ...given, recallOn, at: when })
  if (placementId === null) {
    const detail = `there is a placement ${name} already, or no portfolio ${given.portfolio}`
    return refused({ code: 'placement.name_taken', detail, field: 'name' })
  }
  const { stages, caseIds } = given
  const batch = { placementId, stages, caseIds, limit: CASES_MAX, at: when }
  const cases = await insertPlacedCases(tx, batch)
  await endAssignments(tx, cases, when)
  const events = cases.map(({ borrowerId, caseId }) => ({
    ...{ name: 'case.placed' as const, borrowerId },
    payload: { caseId, placementId, agency },
  }))
  await reactions.publish(tx, events, at)
  return ok({ placementId, cases: cases.length })
}

/** Takes a batch back: its cases are nobody's until they are assigned again. */
export async function recallPlacement(
  change: Change,
  { placementId, reason }: { placementId: string; reason: string },
): Promise<Result<{ cases: number }, PlacementRefusal>> {
  const { tx, reactions, at } = change
  const when = formatInstant(at)
  if (!(await closePlacement(tx, { placementId, at: when }))) {
    const detail = `there is no open placement ${placementId}`
    return refused({ code: 'placement.not_open', detail, field: 'id' })
  }
  const cases = await endPlacedCases(tx, { placementId, at: when, reason })
  await endAssignments(tx, cases, when)
  const events = cases.map(({ borrowerId, caseId }) => ({
    ...{ name: 'case.recalled' as const, borrowerId },
    payload: { caseId, placementId },
  }))
  await reactions.publish(tx, events, at)
  return ok({ cases: cases.length })
}

/** Takes back every batch whose day has come; how many. */
export async function recallDue(change: Change): Promise<number> {
  const due = await listToRecall(change.tx, formatInstant(change.at))
  for (const placementId of due) await recallPlacement(change, { placementId, reason: 'term' })
  return due.length
}

function no(code: PlacementRefusal['code'], detail: string): Result<never, PlacementRefusal> {
  return refused({ code, detail, field: 'agency' })
}
