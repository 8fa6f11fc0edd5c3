import { endHoldRequest, listForgottenQueue, listHoldQueue } from '@dunlin/contract'
import { formatInstant, formatLocalDate } from '@dunlin/kernel'
import { endHold } from '../../cases/index.ts'
import { findForgotten } from '../../plans/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ConsoleContext, reachOf } from '../context.ts'
import { findReached } from '../reports/report-store.ts'
import { serve } from '../serve.ts'
import { countHolds, type HoldRow, listHoldRows } from './queue-store.ts'

const FORGOTTEN_MAX = 200

/** Holds in force, the end of one with a reason, and what nobody looks after. */
export function routeHolds(app: App, context: ConsoleContext): void {
  const { db, reactions } = context
  serve(app, context, listHoldQueue, async ({ asker, query, at }) => {
    const reach = reachOf(asker)
    const { kind = null, cursor, limit } = query
    const now = formatInstant(at)
    const asked = { reach, at: now, kind, holdId: null, after: cursorOf(cursor), limit }
    const [rows, kinds] = await Promise.all([
      listHoldRows(db, asked),
      countHolds(db, { reach, at: now }),
    ])
    const items = rows.map(({ borrowerId: _borrower, ...row }) => row)
    return { items, kinds, nextCursor: rows.length < limit ? null : (rows.at(-1)?.id ?? null) }
  })
  serve(app, context, endHoldRequest, async ({ asker, idIn, body: { reason }, at }) => {
    const holdId = idIn('holdId')
    const asked = { at: formatInstant(at), kind: null, after: '0', limit: 1 }
    const [hold] = await listHoldRows(db, { ...asked, reach: reachOf(asker), holdId })
    const { borrowerId } = mayEnd(hold, holdId)
    await db.transaction(async (tx) => {
      const ended = await endHold({ tx, reactions, at }, { borrowerId, holdId })
      if (!ended) throw new Problem('resource.not_found', `hold ${holdId} is over`, 'holdId')
      await insertAudit(tx, {
        ...{ at: formatInstant(at), actor: asker.email, action: 'hold.ended' },
        ...{ subject: `hold ${holdId}`, detail: { reason } },
      })
    })
    return { done: true as const }
  })
  serve(app, context, listForgottenQueue, async ({ asker, at }) => {
    const found = await findForgotten(db, { at, limit: FORGOTTEN_MAX })
    const ids = { borrowerIds: found.map((each) => each.borrowerId) }
    const caseIds = found.map(({ caseId }) => caseId)
    const reached = await findReached(db, { reach: reachOf(asker), ...ids, caseIds })
    const items = found
      .filter(({ caseId }) => reached.has(caseId))
      .map(({ caseId, reason, subjectId, sinceOn, lateDays, owner }) => ({
        ...{ caseId, reason, subjectId, owner, lateDays, sinceOn: formatLocalDate(sinceOn) },
      }))
    return { items }
  })
}

/** A hold that a matter or a plan needs ends with it, not before. */
function mayEnd(hold: HoldRow | undefined, holdId: string): HoldRow {
  if (hold === undefined)
    throw new Problem('resource.not_found', `there is no hold ${holdId} in force`, 'holdId')
  if (hold.matterId !== null)
    throw new Problem('matter.not_decided', `it ends with matter ${hold.matterId}`, 'holdId')
  if (hold.kind === 'plan-active')
    throw new Problem('plan.running', 'it ends with the plan that it belongs to', 'holdId')
  return hold
}

const ID = /^\d{1,18}$/

function cursorOf(cursor: string | undefined): string {
  if (cursor === undefined) return '0'
  if (!ID.test(cursor)) throw new Problem('request.invalid', 'not a cursor of ours', 'cursor')
  return cursor
}
