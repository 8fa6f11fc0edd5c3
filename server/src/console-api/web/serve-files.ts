import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'

const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(self)',
}
/** Addresses of programs: what is not there is a problem, never a page. */
const NOT_PAGES =
  /^\/(api|console-api|auth|callbacks|docs|help|portal|assets|u|metrics|healthz|readyz|openapi\.json)(\/|$)/

/** The built console: hashed files that never change, and one page for every address of its own. */
export function routeWeb(app: App, { webFolder }: ConsoleContext): void {
  if (webFolder === null) return
  app.register(fastifyStatic, {
    root: join(webFolder, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    decorateReply: false,
  })
  const page = readFileSync(join(webFolder, 'index.html'))
  app.get('/*', { schema: { hide: true } }, (request, reply) => {
    const [path = ''] = request.url.split('?')
    if (NOT_PAGES.test(path))
      throw new Problem('resource.not_found', `there is no ${request.method} ${path}`)
    return reply
      .headers(HEADERS)
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(page)
  })
}
