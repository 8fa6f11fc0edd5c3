import { forgottenQuery, forgottenResponse } from '@dunlin/contract'
import { formatLocalDate } from '@dunlin/kernel'
import { findForgotten } from '../../plans/index.ts'
import type { App } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'

/** `GET /api/v1/forgotten`: what nobody looks after, the longest forgotten first. */
export function routeForgotten(app: App, { db, clock }: ApiContext): void {
  const schema = {
    tags: ['cases'],
    summary: 'Cases that nobody looks after, the longest forgotten first',
    description:
      'Open cases to which nothing happened and nothing is planned, matters past their deadline, plans that wait for approval. What is looked after leaves the list by itself.',
    querystring: forgottenQuery,
    response: { 200: forgottenResponse },
  }
  app.get('/api/v1/forgotten', { schema, config: { scope: 'read' } }, async (request) => {
    const found = await findForgotten(db, { at: clock.now(), limit: request.query.limit })
    return {
      items: found.map(({ caseId, reason, subjectId, sinceOn, lateDays, owner }) => ({
        ...{ caseId, reason, subjectId, owner, lateDays },
        sinceOn: formatLocalDate(sinceOn),
      })),
    }
  })
}
