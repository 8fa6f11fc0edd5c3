import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import { ensureWeb } from './build-web.ts'
import type { App } from './platform/http/index.ts'

const schema = { hide: true }
const config = { scope: 'public' } as const

/**
 * The handbook under `/help/`, for everybody: what it says is no secret. It is built beside the running
 * product when these sources were not built before; whoever comes earlier is told so.
 */
export function routeHelp(app: App, onFailure: (error: unknown) => void): void {
  let built: { readonly folder: string; readonly policy: string } | null = null
  prepare()
    .then((made) => {
      built = made
    })
    .catch(onFailure)
  app.register(fastifyStatic, { root: import.meta.dirname, serve: false, preCompressed: true })
  app.get('/help', { schema, config }, (_request, reply) => reply.redirect('/help/'))
  app.get('/help/*', { schema, config }, (request, reply) => {
    if (built === null)
      return reply.code(503).header('retry-after', '5').type('text/html; charset=utf-8').send(SOON)
    const [path = ''] = request.url.slice('/help/'.length).split(/[?#]/)
    const isHashed = path.startsWith('assets/')
    return reply
      .header('content-security-policy', built.policy)
      .header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
      .sendFile(path === '' || path.endsWith('/') ? `${path}index.html` : path, built.folder, {
        cacheControl: false,
      })
  })
}

/** Comes back by itself. */
const SOON =
  '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="5"><title>Dunlin</title><p>使用手册正在生成，约需半分钟，页面会自动刷新。</p><p lang="en">The handbook is being built, which takes about half a minute; this page comes back by itself.</p></html>'

async function prepare(): Promise<{ folder: string; policy: string }> {
  const folder = await ensureWeb('docs', (line) => process.stdout.write(`${line}\n`))
  const page = await readFile(join(folder, 'index.html'), 'utf8')
  return { folder, policy: policyOf(page) }
}

/** The two small scripts that stand in every page, and nothing else that is not a file of ours. */
function policyOf(page: string): string {
  const scripts = [...page.matchAll(/<script(?![^>]*src=)[^>]*>([^<]*)<\/script>/g)]
  const hashes = scripts.map(
    ([, code = '']) => `'sha256-${createHash('sha256').update(code).digest('base64')}'`,
  )
  return `default-src 'self'; script-src 'self' ${hashes.join(' ')}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
}
