import { ok, type Result } from '@dunlin/kernel'
import { wakeCases } from '../../cases/index.ts'
import type { PlanRefusal, Work } from '../context.ts'
import { lockCase, no } from '../find-case.ts'
import { cancelOpen, findCaseOfPromise } from './promise-store.ts'

/** Takes an open promise back, with the reason; what is decided stays decided. */
export async function cancelPromise(
  work: Pick<Work, 'tx' | 'reactions' | 'at'>,
  { promiseId, reason }: { promiseId: string; reason: string },
): Promise<Result<{ borrowerId: string }, PlanRefusal>> {
  const { tx, reactions, at } = work
  const caseId = await findCaseOfPromise(tx, promiseId)
  if (caseId === null) return no('resource.not_found', 'id', `there is no promise ${promiseId}`)
  const locked = await lockCase(work, caseId)
  if (!locked.ok) return locked
  const { borrowerId, today } = locked.value
  if (!(await cancelOpen(tx, { borrowerId, promiseId, reason, on: today })))
    return no('promise.not_open', 'id', 'only an open promise can be cancelled')
  await wakeCases(tx, [{ borrowerId, caseId, on: today }])
  const payload = { promiseId, caseId }
  await reactions.publish(tx, [{ name: 'promise.cancelled', borrowerId, payload }], at)
  return ok({ borrowerId })
}
