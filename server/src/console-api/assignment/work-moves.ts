import { listMoves, moveOneCase, undoOneMove } from '@dunlin/contract'
import { formatInstant, type Instant } from '@dunlin/kernel'
import { moveCase, undoMove } from '../../cases/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type Asker, type ConsoleContext, reachOf } from '../context.ts'
import { assertOfHouse, serve } from '../serve.ts'
import { listAgentRows } from './floor-store.ts'
import { isReached, listMoveRows, type MoveRow } from './move-store.ts'
import { teamOf } from './within-team.ts'
import { mustHold } from './work-deals.ts'

/** One case given to somebody or to nobody, with a reason; what was moved before; and a move taken back. */
export function routeMoves(app: App, context: ConsoleContext): void {
  const { db, reactions } = context
  serve(app, context, listMoves, async ({ asker, query }) => {
    assertOfHouse(asker)
    const { agent = null, caseId = null, dealId = null, hand, cursor = null, limit } = query
    const filter = { agent, caseId, dealId, isByHand: hand !== undefined, moveId: null }
    const asked = { ...filter, reach: reachOf(asker), before: cursor, limit }
    const items = await listMoveRows(db, asked)
    return { items, nextCursor: items.length < limit ? null : (items.at(-1)?.id ?? null) }
  })
  serve(app, context, moveOneCase, async ({ asker, body, at }) => {
    assertOfHouse(asker)
    const { caseId, agent: to, reason } = body
    if (!(await isReached(db, { reach: reachOf(asker), caseId })))
      throw new Problem('resource.not_found', `there is no case ${caseId}`, 'caseId')
    await assertOfTeam(context, asker, to)
    await db.transaction(async (tx) => {
      const given = { caseId, agent: to, reason, by: asker.email }
      const { from } = mustHold(await moveCase({ tx, reactions, at }, given))
      await audit(tx, { asker, at, caseId, detail: { from, to } })
    })
    return { done: true as const }
  })
  serve(app, context, undoOneMove, async ({ asker, idIn, body: { reason }, at }) => {
    assertOfHouse(asker)
    const moveId = idIn('moveId')
    const move = await mustFind(context, asker, moveId)
    await assertOfTeam(context, asker, move.from)
    await db.transaction(async (tx) => {
      mustHold(await undoMove({ tx, reactions, at }, { moveId, reason, by: asker.email }))
      const detail = { from: move.to, to: move.from, undoes: moveId }
      await audit(tx, { asker, at, caseId: move.caseId, detail })
    })
    return { done: true as const }
  })
}

async function mustFind({ db }: ConsoleContext, asker: Asker, moveId: string): Promise<MoveRow> {
  const filter = { agent: null, caseId: null, dealId: null, isByHand: false, moveId }
  const asked = { ...filter, reach: reachOf(asker), before: null, limit: 1 }
  const [move] = await listMoveRows(db, asked)
  if (move === undefined)
    throw new Problem('resource.not_found', `there is no move ${moveId}`, 'moveId')
  return move
}

/** A team lead gives cases to their own team. */
async function assertOfTeam(
  { db, clock }: ConsoleContext,
  asker: Asker,
  login: string | null,
): Promise<void> {
  const teamId = teamOf(asker)
  if (teamId === null || login === null) return
  const on = formatInstant(clock.now()).slice(0, 10)
  const team = await listAgentRows(db, { on, teamId })
  if (!team.some((each) => each.login === login))
    throw new Problem('assignment.no_agent', `${login} is not of your team`, 'agent')
}

/** The reason stands with the move, where it goes when the borrower is erased. */
function audit(
  tx: Tx,
  { asker, at, caseId, detail }: { asker: Asker; at: Instant; caseId: string; detail: object },
): Promise<void> {
  return insertAudit(tx, {
    ...{ at: formatInstant(at), actor: asker.email, action: 'assignment.moved' },
    ...{ subject: `case ${caseId}`, detail },
  })
}
