import { gateRequest, gateResponse } from '@dunlin/contract'
import { decideGiven } from '@dunlin/policy'
import type { App } from '../../platform/http/index.ts'
import { loadPolicy } from '../../platform/packs.ts'
import type { ApiContext } from '../context.ts'
import { toVerdict } from './verdict-response.ts'

/** `POST /api/v1/gate/decisions`: what the gate would say; nothing is stored and nothing is counted. */
export function routeGate(app: App, _context: ApiContext): void {
  const schema = {
    tags: ['gate'],
    summary: 'Ask the gate without making a contact',
    body: gateRequest,
    response: { 200: gateResponse },
  }
  app.post('/api/v1/gate/decisions', { schema, config: { scope: 'read' } }, (request) => {
    const { policy, facts, intent } = request.body
    const verdict = decideGiven(loadPolicy(policy), facts, intent)
    const permitted = verdict.verdict === 'permit' ? verdict : { duties: [], counters: [] }
    return {
      ...toVerdict(verdict),
      duties: permitted.duties.map(({ rule, title }) => ({ rule, title: { ...title } })),
      counters: permitted.counters.map((counter) => ({ ...counter })),
    }
  })
}
