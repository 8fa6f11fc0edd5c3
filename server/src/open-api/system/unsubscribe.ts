import { z } from 'zod'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'

const token = z.object({ token: z.string().max(400) })
const FORMS = ['application/x-www-form-urlencoded', 'multipart/form-data']
/** Bytes of the little form that mail programs send. */
const FORM_BYTES_MAX = 16 * 1024

/** The address that mail programs unsubscribe at (RFC 8058). */
export function routeUnsubscribe(app: App, context: ApiContext): void {
  app.register(async (scope: App) => {
    // What the form says does not matter: the address alone is the wish.
    scope.addContentTypeParser(FORMS, { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    )
    const route = {
      schema: { hide: true, params: token },
      config: { scope: 'public' },
      bodyLimit: FORM_BYTES_MAX,
    } as const
    scope.post('/u/:token', route, async (request) => {
      const isOurs = await context.unsubscribe(request.params.token)
      if (!isOurs) throw new Problem('resource.not_found', 'this is no address of ours', 'token')
      return { status: 'unsubscribed' }
    })
    scope.get('/u/:token', route, (_request, reply) =>
      reply.type('text/html; charset=utf-8').send(CONFIRM),
    )
  })
}

/** Opening the address changes nothing: link checkers open every link of a mail. */
const CONFIRM = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>退订邮件 / Unsubscribe</title><style>body{font:18px/1.6 system-ui,sans-serif;max-width:32rem;margin:15vh auto;padding:0 1rem}
button{font:inherit;padding:.6rem 1.4rem}</style>
<h1>退订邮件</h1><p>点击确认后，我们不再向您发送此类邮件。<br><span lang="en">Confirm, and we stop sending you these emails.</span></p>
<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>确认退订 / Unsubscribe</button></form></html>`
