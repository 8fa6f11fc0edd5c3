import type { Result } from '@dunlin/kernel'
import type { Sql } from '../../platform/db/index.ts'
import type { PlanRefusal } from '../context.ts'
import { type LockedCase, no } from '../find-case.ts'
import { hasOpenMatter } from './plan-change-store.ts'

/** Nothing is agreed on a debt that is contested, nor with a debtor who has died or may have. */
export async function checkHeld(
  sql: Sql,
  { borrowerId, caseId, isDeceased }: LockedCase,
  field: string,
): Promise<Result<never, PlanRefusal> | null> {
  if (isDeceased) return no('plan.held', field, 'the borrower has died')
  const isOpen = await hasOpenMatter(sql, { borrowerId, caseId, kinds: ['dispute', 'death'] })
  return isOpen ? no('plan.held', field, 'a dispute or a death is not decided yet') : null
}
