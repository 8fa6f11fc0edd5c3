import { providersResponse, resumeRequest, stoppedResponse, stopRequest } from '@dunlin/contract'
import { z } from 'zod'
import { readProviders, resumeProvider, stopProvider } from '../../contact/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ApiContext, answerOnce } from '../context.ts'

const params = z.object({ name: z.string().min(1).max(100) })

/** `GET /api/v1/providers`, and the kill switch of each account: it can only forbid. */
export function routeProviders(app: App, context: ApiContext): void {
  const { db, clock } = context
  const list = {
    tags: ['providers'],
    summary: 'Provider accounts: what they may carry, how they fare, what went through them',
    response: { 200: providersResponse },
  }
  app.get('/api/v1/providers', { schema: list, config: { scope: 'read' } }, () =>
    readProviders(db, clock.now()),
  )
  const stop = {
    tags: ['providers'],
    summary: 'Send nothing more through an account, from now on',
    description:
      'What was handed over already is not called back; what is due waits, or goes another way.',
    params,
    body: stopRequest,
    response: { 200: stoppedResponse, 201: stoppedResponse },
  }
  const config = { scope: 'admin', once: true, problems: ['resource.not_found'] } as const
  app.post('/api/v1/providers/:name/stop', { schema: stop, config }, async (request, reply) => {
    const answer = await answerOnce(context, request, {
      schema: stoppedResponse,
      work: async (tx, at) => {
        const { name } = request.params
        const given = { ...request.body, name, by: request.caller, at }
        return { status: 201, body: mustFind(name, await stopProvider(tx, given)) }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
  const resume = { ...stop, summary: 'End the stop of an account', body: resumeRequest }
  const { description: _, ...resumed } = resume
  app.post(
    '/api/v1/providers/:name/resume',
    { schema: resumed, config },
    async (request, reply) => {
      const answer = await answerOnce(context, request, {
        schema: stoppedResponse,
        work: async (tx, at) => {
          const { name } = request.params
          const given = { ...request.body, name, by: request.caller, at }
          return { status: 201, body: mustFind(name, await resumeProvider(tx, given)) }
        },
      })
      return reply.status(answer.status).send(answer.body)
    },
  )
}

function mustFind(
  name: string,
  found: Awaited<ReturnType<typeof stopProvider>>,
): z.infer<typeof stoppedResponse> {
  if (found === null)
    throw new Problem('resource.not_found', `there is no provider account ${name}`, 'name')
  return { name, ...found }
}
