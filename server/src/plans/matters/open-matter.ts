import {
  addDays,
  type EpochDay,
  formatInstant,
  formatLocalDate,
  type Instant,
  instant,
  instantsOfLocal,
  ok,
  type Result,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import { type Hold, startHold } from '../../cases/index.ts'
import { findLoanId } from '../case-store.ts'
import type { Actor, PlanRefusal, Work } from '../context.ts'
import { type LockedCase, lockCase, no } from '../find-case.ts'
import { solutionsOf } from '../load-solutions.ts'
import type { MatterKind } from '../model/solutions.ts'
import { deadlineAfter, workingCalendar } from '../working-days.ts'
import { addDocuments, type DocumentGiven } from './add-document.ts'
import { insertMatter, insertStep } from './matter-store.ts'

export type MatterGiven = {
  readonly caseId: string
  readonly kind: MatterKind
  /** On which way it reached us. */
  readonly channel: string
  /** Who raised it, as a relation to the debt: anybody may. */
  readonly raisedBy: string
  readonly text: string
  readonly loanNo: string | null
  readonly partyId: string | null
  /** Whose work it is; null: whoever takes it in. */
  readonly owner: string | null
  readonly documents: readonly DocumentGiven[]
  /** The hold that stands for it already; absent: one is started. */
  readonly holdId?: string
}
export type MatterOpened = {
  readonly matterId: string
  readonly borrowerId: string
  readonly holdId: string
  readonly owner: string
  readonly dueOn: string
}

/** What stops while a matter waits for its decision. */
export const HOLD_OF = {
  hardship: 'hardship',
  dispute: 'dispute',
  complaint: 'complaint',
  bereavement: 'bereavement',
  death: 'deceased',
  'third-party-stop': 'third-party-stop',
  'breathing-space': 'breathing-space',
} as const satisfies Record<MatterKind, Hold['kind']>

/**
 * Takes in a matter on any channel from anybody, open or closed case alike: the hold is in force for the
 * gate in the same transaction, and somebody owns it with a day by which it is decided.
 */
export async function openMatter(
  work: Work,
  actor: Actor,
  given: MatterGiven,
): Promise<Result<MatterOpened, PlanRefusal>> {
  const { tx, sealer, reactions, at } = work
  const locked = await lockCase(work, given.caseId)
  if (!locked.ok) return locked
  const { borrowerId, today } = locked.value
  const loanId =
    given.loanNo === null ? null : await findLoanId(tx, { borrowerId, loanNo: given.loanNo })
  if (given.loanNo !== null && loanId === null)
    return no('resource.not_found', 'loanNo', `the borrower has no loan ${given.loanNo}`)
  const ends = endOf(locked.value, given.kind)
  const to = ends?.at ?? null
  const holdId =
    given.holdId ??
    (await startHold(work, holdOf(actor, { ...given, borrowerId, loanId, from: at, to })))
  const dueOn = ends?.on ?? dueDay(locked.value, given.kind)
  const owner = given.owner ?? actor.id
  const matterId = await insertMatter(tx, {
    ...given,
    borrowerId,
    loanId,
    sealedText: sealer.seal(given.text),
    owner,
    holdId,
    receivedAt: formatInstant(at),
    receivedOn: today,
    dueOn,
  })
  const key = { borrowerId, matterId }
  await insertStep(tx, key, {
    kind: 'received',
    at: formatInstant(at),
    by: actor.id,
    sealedText: null,
    detail: { channel: given.channel, raisedBy: given.raisedBy, holdId, owner },
  })
  await addDocuments(work, { key, by: actor.id, documents: given.documents })
  const payload = {
    ...{ matterId, caseId: given.caseId, kind: given.kind, holdId, owner },
    dueOn: formatLocalDate(dueOn),
  }
  await reactions.publish(tx, [{ name: 'matter.opened', borrowerId, payload }], at)
  return ok({ matterId, borrowerId, holdId, owner, dueOn: formatLocalDate(dueOn) })
}

type Held = Pick<MatterGiven, 'kind' | 'partyId'> & {
  readonly borrowerId: string
  readonly loanId: string | null
  readonly from: Instant
  readonly to: Instant | null
}

function holdOf(actor: Actor, { borrowerId, kind, loanId, partyId, from, to }: Held): Hold {
  return {
    borrowerId,
    kind: HOLD_OF[kind],
    scope: {
      ...(loanId === null ? {} : { debts: [loanId] }),
      ...(partyId === null ? {} : { partyId }),
    },
    ...{ from, to, reason: kind, source: actor.id },
  }
}

/** When a matter ends by itself, the first day and moment without it; null where somebody must end it. */
function endOf(
  { today, country, zone }: LockedCase,
  kind: MatterKind,
): { readonly on: EpochDay; readonly at: Instant } | null {
  const { breathingSpace } = solutionsOf(country)
  if (kind !== 'breathing-space' || breathingSpace === null) return null
  const on = addDays(today, 1 + breathingSpace.days)
  const [midnight] = instantsOfLocal(required(zoneNamed(zone), `zone ${zone}`), on, 0)
  return { on, at: instant(required(midnight, `midnight in ${zone}`)) }
}

/** By when a matter taken in today is decided. */
export function dueDay(
  { today, country, holidays }: Pick<LockedCase, 'today' | 'country' | 'holidays'>,
  kind: MatterKind | 'appeal',
): LockedCase['today'] {
  const { deadlines } = solutionsOf(country)
  return deadlineAfter(today, deadlines[kind], workingCalendar(country, holidays))
}
