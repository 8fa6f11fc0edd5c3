import {
  casePage,
  caseResponse,
  id,
  pageQuery,
  timelineResponse,
  worklistResponse,
} from '@dunlin/contract'
import { z } from 'zod'
import type { Sql } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'
import { type CaseRow, findCase, listCases, listTimeline, listWorklist } from '../open-api-store.ts'
import { toResponse } from './case-response.ts'

export const caseParams = z.object({ id })
const TIMELINE_MAX = 200
const read = { scope: 'read' } as const
const readOne = { scope: 'read', problems: ['resource.not_found'] } as const

/** `GET /api/v1/cases`, `/cases/{id}`, `/cases/{id}/timeline`, `/worklist`. */
export function routeReadCases(app: App, context: ApiContext): void {
  const list = {
    tags: ['cases'],
    summary: 'Cases, by id',
    querystring: pageQuery,
    response: { 200: casePage },
  }
  app.get('/api/v1/cases', { schema: list, config: read }, async (request) => {
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
  const one = {
    tags: ['cases'],
    summary: 'One case',
    params: caseParams,
    response: { 200: caseResponse },
  }
  app.get('/api/v1/cases/:id', { schema: one, config: readOne }, async (request) =>
    toResponse(await mustFind(context.db, request.params.id, 'id'), context),
  )
  const timeline = {
    tags: ['cases'],
    summary: 'What happened, newest first',
    params: caseParams,
    response: { 200: timelineResponse },
  }
  app.get('/api/v1/cases/:id/timeline', { schema: timeline, config: readOne }, async (request) => {
    const { borrower_id } = await mustFind(context.db, request.params.id, 'id')
    const rows = await listTimeline(context.db, borrower_id, TIMELINE_MAX)
    return {
      items: rows.map((row) => ({ ...row, payload: withPublicId(row.payload, borrower_id) })),
    }
  })
  const worklist = {
    tags: ['cases'],
    summary: 'Who next',
    querystring: pageQuery.pick({ limit: true }),
    response: { 200: worklistResponse },
  }
  app.get('/api/v1/worklist', { schema: worklist, config: read }, async (request) => {
    const rows = await listWorklist(context.db, request.query.limit)
    return { items: rows.map((row) => toResponse(row, context)) }
  })
}

/** The case of an id; a problem that names the request's field when there is none. */
export async function mustFind(sql: Sql, caseId: string, field: string): Promise<CaseRow> {
  const row = await findCase(sql, caseId)
  if (row === null) throw new Problem('resource.not_found', `there is no case ${caseId}`, field)
  return row
}

/** An attempt's id as the API shows it: with its borrower, under whom it is found. */
export function publicAttemptId(borrowerId: string, attemptId: string): string {
  return `${borrowerId}-${attemptId}`
}

function withPublicId(
  payload: Record<string, unknown>,
  borrowerId: string,
): Record<string, unknown> {
  const { attemptId } = payload
  return typeof attemptId === 'string'
    ? { ...payload, attemptId: publicAttemptId(borrowerId, attemptId) }
    : payload
}

export function encodeCursor(place: string): string {
  return Buffer.from(place).toString('base64url')
}

export function decodeCursor(cursor: string | undefined): string {
  if (cursor === undefined) return '0'
  const text = Buffer.from(cursor, 'base64url').toString()
  if (!/^\d{1,18}$/.test(text))
    throw new Problem('request.invalid', 'not a cursor of ours', 'cursor')
  return text
}
