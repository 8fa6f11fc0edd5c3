import { ok, type Result, required } from '@dunlin/kernel'
import type { PlanRefusal, Work } from '../context.ts'
import { type LockedCase, lockCase, no } from '../find-case.ts'
import { findMatter, type Matter } from './matter-store.ts'

/** Locks the borrower of a matter and reads matter and case as they then stand. */
export async function lockMatter(
  work: Pick<Work, 'tx' | 'at'>,
  matterId: string,
): Promise<Result<{ matter: Matter; found: LockedCase }, PlanRefusal>> {
  const seen = await findMatter(work.tx, matterId)
  if (seen === null) return no('resource.not_found', 'id', `there is no matter ${matterId}`)
  const locked = await lockCase(work, seen.caseId)
  if (!locked.ok) return locked
  const matter = required(await findMatter(work.tx, matterId), `matter ${matterId}`)
  return ok({ matter, found: locked.value })
}
