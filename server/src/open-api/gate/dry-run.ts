import { explanationResponse, gateRequest, gateResponse } from '@dunlin/contract'
import { decideGiven, explain, factsSchema, intentSchema } from '@dunlin/policy'
import { toExplanation, toGateAnswer } from '../../contact/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { loadPolicy } from '../../platform/packs.ts'
import type { ApiContext } from '../context.ts'

/** What the gate would say, and why; nothing is stored and nothing is counted. */
export function routeGate(app: App, _context: ApiContext): void {
  const schema = {
    tags: ['gate'],
    summary: 'Ask the gate without making a contact',
    body: gateRequest,
    response: { 200: gateResponse },
  }
  app.post('/api/v1/gate/decisions', { schema, config: { scope: 'read' } }, (request) => {
    const { policy, facts, intent } = request.body
    return toGateAnswer(decideGiven(loadPolicy(policy), facts, intent))
  })
  const telling = {
    tags: ['gate'],
    summary:
      'Explain what the gate would say: every rule considered, and what would change the answer',
    body: gateRequest,
    response: { 200: explanationResponse },
  }
  const config = { scope: 'read', problems: ['request.invalid'] } as const
  app.post('/api/v1/gate/explanations', { schema: telling, config }, (request) => {
    const policy = loadPolicy(request.body.policy)
    const facts = factsSchema.safeParse(request.body.facts)
    const intent = intentSchema.safeParse(request.body.intent)
    if (policy === null) throw new Problem('request.invalid', 'there is no such pack', 'policy')
    if (!facts.success) throw new Problem('request.invalid', firstOf(facts.error), 'facts')
    if (!intent.success) throw new Problem('request.invalid', firstOf(intent.error), 'intent')
    return toExplanation(explain(policy, facts.data, intent.data))
  })
}

function firstOf({
  issues: [issue],
}: {
  issues: { path: PropertyKey[]; message: string }[]
}): string {
  return `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'cannot be read'}`
}
