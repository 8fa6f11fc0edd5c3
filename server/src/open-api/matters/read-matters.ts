import { id, type MatterItem, matterPage, matterQuery, matterResponse } from '@dunlin/contract'
import { type EpochDay, formatLocalDate, utcDate } from '@dunlin/kernel'
import { z } from 'zod'
import { listMatters, type Matter, readMatter } from '../../plans/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { decodeCursor, encodeCursor } from '../cases/read-cases.ts'
import type { ApiContext } from '../context.ts'

/** `GET /api/v1/matters` and `/matters/{id}`: what waits for whom, and one whole with its words. */
export function routeReadMatters(app: App, context: ApiContext): void {
  const { db, sealer, clock } = context
  const page = {
    tags: ['matters'],
    summary: 'Matters in the order in which they were raised',
    description: 'Without the words of people; `overdue=true` gives those past their deadline.',
    querystring: matterQuery,
    response: { 200: matterPage },
  }
  app.get('/api/v1/matters', { schema: page, config: { scope: 'read' } }, async (request) => {
    const { caseId, kind, state, owner, overdue, untold, cursor, limit } = request.query
    const today = utcDate(clock.now())
    const rows = await listMatters(db, {
      after: decodeCursor(cursor),
      limit,
      caseId: caseId ?? null,
      kind: kind ?? null,
      state: state ?? null,
      owner: owner ?? null,
      isUntold: untold === 'true',
      overdueOn: overdue === 'true' ? today : null,
    })
    const last = rows.at(-1)
    const nextCursor =
      rows.length < limit || last === undefined ? null : encodeCursor(last.matterId)
    return { items: rows.map((row) => toItem(row, today)), nextCursor }
  })
  const one = {
    tags: ['matters'],
    summary: 'One matter whole: words, steps and documents',
    params: z.object({ id }),
    response: { 200: matterResponse },
  }
  const config = { scope: 'read', problems: ['resource.not_found'] } as const
  app.get('/api/v1/matters/:id', { schema: one, config }, async (request) => {
    const matter = await readMatter(db, sealer, request.params.id)
    if (matter === null)
      throw new Problem('resource.not_found', `there is no matter ${request.params.id}`, 'id')
    return {
      ...toItem(matter, utcDate(clock.now())),
      text: matter.text,
      steps: matter.steps.map((step) => ({ ...step, detail: { ...step.detail } })),
      documents: matter.documents.map(({ documentId, ...rest }) => ({ ...rest, id: documentId })),
    }
  })
}

function toItem(matter: Matter, today: EpochDay): MatterItem {
  const isWaiting = matter.state === 'open' || matter.state === 'appealed'
  return {
    id: matter.matterId,
    caseId: matter.caseId,
    kind: matter.kind,
    channel: matter.channel,
    raisedBy: matter.raisedBy,
    loanNo: matter.loanNo,
    state: matter.state,
    owner: matter.owner,
    holdId: matter.holdId,
    receivedAt: matter.receivedAt,
    dueOn: formatLocalDate(matter.dueOn),
    isOverdue: isWaiting && matter.dueOn < today,
    outcome: matter.outcome,
    decidedAt: matter.decidedAt,
    decidedBy: matter.decidedBy,
    appealUntilOn: matter.appealUntilOn === null ? null : formatLocalDate(matter.appealUntilOn),
  }
}
