import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { App } from '../../platform/http/index.ts'
import type { PortalContext } from '../context.ts'

const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-cache',
}

/** The built portal: one page, whose places follow the hash, and hashed files that never change. */
export function routeWeb(app: App, { webFolder }: PortalContext): void {
  if (webFolder === null) return
  app.register(fastifyStatic, {
    root: join(webFolder, 'assets'),
    prefix: '/portal/assets/',
    preCompressed: true,
    immutable: true,
    maxAge: '365d',
    decorateReply: false,
  })
  const page = readFileSync(join(webFolder, 'index.html'))
  const schema = { hide: true }
  app.get('/portal', { schema }, (_request, reply) => reply.redirect('/portal/'))
  app.get('/portal/', { schema }, (_request, reply) =>
    reply.headers(HEADERS).type('text/html; charset=utf-8').send(page),
  )
}
