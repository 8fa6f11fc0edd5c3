import {
  type EpochDay,
  localDay,
  ok,
  type Result,
  refused,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import { lockBorrowers } from '../loanbook/index.ts'
import { type CaseFacts, findCaseFacts } from './case-store.ts'
import type { PlanRefusal, Work } from './context.ts'

export type LockedCase = CaseFacts & { readonly today: EpochDay; readonly dpd: number }

/** Locks the borrower of a case and reads it as it then stands, with its own day and days past due. */
export async function lockCase(
  { tx, at }: Pick<Work, 'tx' | 'at'>,
  caseId: string,
): Promise<Result<LockedCase, PlanRefusal>> {
  const seen = await findCaseFacts(tx, caseId)
  if (seen === null) return no('resource.not_found', 'caseId', `there is no case ${caseId}`)
  await lockBorrowers(tx, [seen.borrowerId])
  return ok(withDay(required(await findCaseFacts(tx, caseId), `case ${caseId}`), at))
}

/** A case with the day that it is where its portfolio is. */
export function withDay(facts: CaseFacts, at: Work['at']): LockedCase {
  const today = localDay(required(zoneNamed(facts.zone), `zone ${facts.zone}`), at)
  const ages = facts.agesFromOn === null ? 0 : Math.max(0, today - facts.agesFromOn)
  return { ...facts, today, dpd: facts.heldDpd ?? ages }
}

export function no(
  code: PlanRefusal['code'],
  field: string,
  detail: string,
): Result<never, PlanRefusal> {
  return refused({ code, field, detail })
}
