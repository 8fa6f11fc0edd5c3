import { gateRequest } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import { decideGiven } from '@dunlin/policy'
import type { App } from '../../platform/http/index.ts'
import { loadPolicy } from '../../platform/packs.ts'
import { type ApiContext, authorise } from '../context.ts'

/** `POST /api/v1/gate/decisions`: what the gate would say; nothing is stored and nothing is counted. */
export function routeGate(app: App, context: ApiContext): void {
  const schema = {
    tags: ['gate'],
    summary: 'Ask the gate without making a contact',
    body: gateRequest,
  }
  app.post('/api/v1/gate/decisions', { schema }, async (request) => {
    await authorise(context, request, 'read')
    const { policy, facts, intent } = request.body
    const verdict = decideGiven(loadPolicy(policy), facts, intent)
    return verdict.verdict === 'defer'
      ? { ...verdict, until: formatInstant(verdict.until) }
      : verdict
  })
}
