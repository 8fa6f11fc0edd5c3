import { healthResponse, readyResponse, settingsResponse, settingsSchema } from '@dunlin/contract'
import { z } from 'zod'
import { applySettings, SettingsError } from '../../people/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'
import { isMigrated } from '../open-api-store.ts'

const metricsText = {
  description: 'Prometheus text format',
  content: { 'text/plain': { schema: z.string() } },
}
const tags = ['system']
const config = { scope: 'public' } as const

/** Health, readiness, metrics, settings. */
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
  const settings = {
    tags: ['settings'],
    summary: 'Apply settings; applying them again changes nothing',
    body: settingsSchema,
    response: { 200: settingsResponse },
  }
  const applying = { scope: 'admin', problems: ['settings.invalid'] } as const
  app.put('/api/v1/settings', { schema: settings, config: applying }, async (request) => {
    const { sealer, clock } = context
    const given = { sealer, at: clock.now() }
    const { newKeys } = await applySettings(context.db, request.body, given).catch(
      (error: unknown) => {
        if (!(error instanceof SettingsError)) throw error
        throw new Problem('settings.invalid', error.message, error.field)
      },
    )
    return { newKeys: newKeys.map((each) => ({ ...each })) }
  })
}
