import { replayRequest, replayResponse, webhooksResponse } from '@dunlin/contract'
import { type Instant, parseInstant } from '@dunlin/kernel'
import { z } from 'zod'
import { type App, Problem } from '../../platform/http/index.ts'
import { listEndpointStates, requeue } from '../../platform/webhooks/index.ts'
import { type ApiContext, answerOnce } from '../context.ts'

const params = z.object({ name: z.string().min(1).max(100) })

/** `GET /api/v1/webhooks` and `POST /api/v1/webhooks/{name}/replay`. */
export function routeWebhooks(app: App, context: ApiContext): void {
  const list = {
    tags: ['webhooks'],
    summary: 'Webhooks, and whether they arrive',
    response: { 200: webhooksResponse },
  }
  app.get('/api/v1/webhooks', { schema: list, config: { scope: 'admin' } }, async () => ({
    items: (await listEndpointStates(context.db)).map((state) => ({ ...state })),
  }))
  const replay = {
    tags: ['webhooks'],
    summary: 'Send the events of a period again, in their order',
    params,
    body: replayRequest,
    response: { 200: replayResponse, 201: replayResponse },
  }
  const config = { scope: 'admin', once: true, problems: ['resource.not_found'] } as const
  app.post('/api/v1/webhooks/:name/replay', { schema: replay, config }, async (request, reply) => {
    const answer = await answerOnce(context, request, {
      schema: replayResponse,
      work: async (tx, at) => {
        const { name } = request.params
        const { from, until } = request.body
        const period = {
          from: instantOf(from, 'from'),
          until: until === undefined ? at : instantOf(until, 'until'),
        }
        const queued = await requeue(tx, { name, ...period })
        if (queued === null)
          throw new Problem('resource.not_found', `there is no webhook ${name}`, 'name')
        return { status: 201, body: { queued } }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
}

function instantOf(text: string, field: string): Instant {
  const parsed = parseInstant(text)
  if (parsed === null) throw new Problem('request.invalid', 'no instant that we can keep', field)
  return parsed
}
