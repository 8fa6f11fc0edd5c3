import { settingsSchema } from '@dunlin/contract'
import { z } from 'zod'
import { applySettings } from '../../people/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ApiContext, authorise } from '../context.ts'
import { isMigrated } from '../open-api-store.ts'

const token = z.object({ token: z.string().max(400) })

/** Health, metrics, settings, and the address that mail programs unsubscribe at (RFC 8058). */
export function routeSystem(app: App, context: ApiContext): void {
  const hide = { schema: { hide: true } }
  app.get('/healthz', hide, () => ({ status: 'ok', version: context.version }))
  app.get('/readyz', hide, async () => {
    if (await isMigrated(context.db).catch(() => false)) return { status: 'ready' }
    throw new Problem('server.not_ready', 'the database cannot be reached or is not migrated')
  })
  app.get('/metrics', hide, async (_request, reply) =>
    reply.type(context.metrics.contentType).send(await context.metrics.metrics()),
  )
  const settings = { tags: ['settings'], summary: 'Apply settings', body: settingsSchema }
  app.put('/api/v1/settings', { schema: settings }, async (request) => {
    await authorise(context, request, 'admin')
    return applySettings(context.db, request.body, {
      sealer: context.sealer,
      at: context.clock.now(),
    })
  })
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, body),
  )
  app.addContentTypeParser('multipart/form-data', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )
  app.post('/u/:token', { schema: { hide: true, params: token } }, async (request) => {
    const isOurs = await context.unsubscribe(request.params.token)
    if (!isOurs) throw new Problem('resource.not_found', 'this is no address of ours', 'token')
    return { status: 'unsubscribed' }
  })
  app.get('/u/:token', { schema: { hide: true, params: token } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(CONFIRM),
  )
}

/** Opening the address changes nothing: link checkers open every link of a mail. */
const CONFIRM = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>退订邮件 / Unsubscribe</title><style>body{font:18px/1.6 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem}
button{font:inherit;padding:.6rem 1.4rem}</style>
<h1>退订邮件</h1><p>点击确认后，我们不再向您发送此类邮件。<br><span lang="en">Confirm, and we stop sending you these emails.</span></p>
<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>确认退订 / Unsubscribe</button></form></html>`
