import { accessQuery, accessResponse, auditQuery, auditResponse } from '@dunlin/contract'
import { countAudit, listAudit } from '../../platform/audit/index.ts'
import type { App } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'

const COUNTS_SHOWN = 500
const config = { scope: 'admin' } as const

/** `GET /api/v1/audit-events` and `/audit-events/counts`: who changed or looked at what. */
export function routeAudit(app: App, { db }: ApiContext): void {
  const tags = ['compliance']
  const list = {
    ...{ tags, summary: 'The audit trail, newest first', querystring: auditQuery },
    response: { 200: auditResponse },
  }
  app.get('/api/v1/audit-events', { schema: list, config }, async (request) => {
    const { cursor = null, limit, ...query } = request.query
    const items = await listAudit(db, toFilter(query), { before: cursor, limit })
    const nextCursor = items.length < limit ? null : (items.at(-1)?.id ?? null)
    return { items, nextCursor }
  })
  const counts = {
    ...{ tags, summary: 'How often who did what: of looks at numbers in the clear, `person`' },
    ...{ querystring: accessQuery, response: { 200: accessResponse } },
  }
  app.get('/api/v1/audit-events/counts', { schema: counts, config }, async (request) => ({
    items: await countAudit(db, toFilter(request.query), COUNTS_SHOWN),
  }))
}

type Given = {
  readonly [Name in 'actor' | 'action' | 'subject' | 'from' | 'to']?: string | undefined
}

function toFilter(given: Given): Parameters<typeof listAudit>[1] {
  const { actor = null, action, subject = null, from = null, to = null } = given
  return { actor, actions: action === undefined ? null : [action], subject, from, to }
}
