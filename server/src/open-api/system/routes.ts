import { healthResponse, readyResponse } from '@dunlin/contract'
import { z } from 'zod'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'
import { isMigrated } from '../open-api-store.ts'

const metricsText = {
  description: 'Prometheus text format',
  content: { 'text/plain': { schema: z.string() } },
}
const tags = ['system']
const config = { scope: 'public' } as const

/** Health, readiness, metrics. */
export function routeSystem(app: App, context: ApiContext): void {
  const health = { tags, summary: 'Whether the process answers', response: { 200: healthResponse } }
  app.get('/healthz', { schema: health, config }, () => ({
    status: 'ok',
    version: context.version,
  }))
  const ready = { tags, summary: 'Whether the database does', response: { 200: readyResponse } }
  const readiness = { scope: 'public', problems: ['server.not_ready'] } as const
  app.get('/readyz', { schema: ready, config: readiness }, async () => {
    if (await isMigrated(context.db).catch(() => false)) return { status: 'ready' }
    throw new Problem('server.not_ready', 'the database cannot be reached or is not migrated')
  })
  const metrics = { tags, summary: 'Figures of this process', response: { 200: metricsText } }
  app.get('/metrics', { schema: metrics, config }, async (_request, reply) => {
    reply.header('content-type', context.metrics.contentType)
    return reply.send(await context.metrics.metrics())
  })
}
