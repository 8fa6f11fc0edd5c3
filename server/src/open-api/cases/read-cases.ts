import { pageQuery } from '@dunlin/contract'
import { z } from 'zod'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ApiContext, authorise } from '../context.ts'
import { type CaseRow, findCase, listCases, listTimeline, listWorklist } from '../open-api-store.ts'
import { caseResponse, toResponse } from './case-response.ts'

const params = z.object({ id: z.string().regex(/^\d{1,18}$/, 'expected a case id') })
const page = z.object({ items: z.array(caseResponse), nextCursor: z.string().nullable() })
const TIMELINE_MAX = 200

/** `GET /api/v1/cases`, `/cases/{id}`, `/cases/{id}/timeline`, `/worklist`. */
export function routeReadCases(app: App, context: ApiContext): void {
  const list = {
    tags: ['cases'],
    summary: 'Cases, by id',
    querystring: pageQuery,
    response: { 200: page },
  }
  app.get('/api/v1/cases', { schema: list }, async (request) => {
    await authorise(context, request, 'read')
    const { cursor, limit, state, stage } = request.query
    const filter = {
      after: decodeCursor(cursor),
      limit,
      state: state ?? null,
      stage: stage ?? null,
    }
    const rows = await listCases(context.db, filter)
    const last = rows.at(-1)
    const nextCursor = rows.length < limit || last === undefined ? null : encodeCursor(last.case_id)
    return { items: rows.map((row) => toResponse(row, context)), nextCursor }
  })
  const one = { tags: ['cases'], summary: 'One case', params, response: { 200: caseResponse } }
  app.get('/api/v1/cases/:id', { schema: one }, async (request) => {
    await authorise(context, request, 'read')
    return toResponse(await mustFind(context, request.params.id), context)
  })
  const timeline = { tags: ['cases'], summary: 'What happened, newest first', params }
  app.get('/api/v1/cases/:id/timeline', { schema: timeline }, async (request) => {
    await authorise(context, request, 'read')
    const { borrower_id } = await mustFind(context, request.params.id)
    return { items: await listTimeline(context.db, borrower_id, TIMELINE_MAX) }
  })
  const worklist = {
    tags: ['cases'],
    summary: 'Who next',
    querystring: pageQuery.pick({ limit: true }),
  }
  app.get('/api/v1/worklist', { schema: worklist }, async (request) => {
    await authorise(context, request, 'read')
    const rows = await listWorklist(context.db, request.query.limit)
    return { items: rows.map((row) => toResponse(row, context)) }
  })
}

export async function mustFind({ db }: ApiContext, id: string): Promise<CaseRow> {
  const row = await findCase(db, id)
  if (row === null) throw new Problem('resource.not_found', `there is no case ${id}`, 'id')
  return row
}

function encodeCursor(caseId: string): string {
  return Buffer.from(caseId).toString('base64url')
}

function decodeCursor(cursor: string | undefined): string {
  if (cursor === undefined) return '0'
  const text = Buffer.from(cursor, 'base64url').toString()
  if (!/^\d{1,18}$/.test(text))
    throw new Problem('request.invalid', 'not a cursor of ours', 'cursor')
  return text
}
