import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { after, before, test } from 'node:test'
import {
  compilePolicy,
  decideGiven,
  type Pack,
  type Policy,
  parsePack,
  vectorSchema,
} from '@dunlin/policy'
import type { Browser } from 'playwright-core'
import { z } from 'zod'
import { buildPolicy, ROOT } from './build-policy.ts'
import { findChromium, NO_CHROMIUM, openChromium } from './open-chromium.ts'

// The same package in a browser: no bundler, no polyfill, the vectors of the project, equal answers.

const SHARED = join(ROOT, '../shared/vectors/policy-public.jsonl')
const FILES = [...globSync(join(ROOT, 'vectors/policy-*.jsonl')), SHARED].filter((file) =>
  existsSync(file),
)
const VECTORS = FILES.flatMap((file) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => vectorSchema.parse(JSON.parse(line))),
)
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.html': 'text/html',
}
const PAGE = `<!doctype html><meta charset="utf-8"><title>gate</title>
<script type="importmap">{ "imports": { "@dunlin/policy": "/policy/lib/policy/index.js", "zod": "/zod/index.js" } }</script>`

const chromium = findChromium()
let browser: Browser | undefined
let server: Server | undefined

before(async () => {
  if (chromium === null) return
  const roots = { policy: buildPolicy(), zod: join(ROOT, 'node_modules/zod') }
  server = createServer((request, response) => {
    const [, root = '', ...rest] = normalize(request.url ?? '/').split('/')
    const file = root === 'policy' || root === 'zod' ? join(roots[root], ...rest) : null
    if (root === '') response.setHeader('content-type', 'text/html').end(PAGE)
    else if (file === null || !existsSync(file)) response.writeHead(404).end()
    else
      response
        .setHeader('content-type', TYPES[extname(file)] ?? 'text/plain')
        .end(readFileSync(file))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  browser = await openChromium(chromium)
})

after(async () => {
  await browser?.close()
  server?.close()
})

/** Every verdict as text, in the order of the vectors, decided in the page. */
async function decideInPage({ withoutTemporal }: { withoutTemporal: boolean }): Promise<string[]> {
  assert.ok(browser && server)
  const address = z.object({ port: z.number() }).parse(server.address())
  const page = await browser.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  if (withoutTemporal) await page.addInitScript('delete globalThis.Temporal')
  await page.goto(`http://127.0.0.1:${address.port}/`)
  const answers: unknown = await page.evaluate(
    `(async (vectors) => {
      const { compilePolicy, decideGiven, parsePack } = await import('@dunlin/policy')
      const packs = (await (await fetch('/policy/packs.json')).json()).map(parsePack)
      const policyOf = (ids) => {
        const found = ids.map((id) => packs.find((pack) => pack.id === id))
        return found.includes(undefined) ? null : compilePolicy(found)
      }
      return vectors.map(({ policy, facts, intent }) => JSON.stringify(decideGiven(policyOf(policy), facts, intent)))
    })(${JSON.stringify(VECTORS)})`,
  )
  await page.close()
  assert.deepEqual(problems, [])
  return z.array(z.string()).parse(answers)
}

function decideHere(): string[] {
  const parsed: unknown = JSON.parse(
    readFileSync(join(ROOT, 'policy/generated/packs.json'), 'utf8'),
  )
  const packs = z.array(z.unknown()).parse(parsed).map(parsePack)
  return VECTORS.map(({ policy, facts, intent }) =>
    JSON.stringify(decideGiven(policyOf(packs, policy), facts, intent)),
  )
}

function policyOf(packs: readonly Pack[], ids: readonly string[]): Policy | null {
  const found = ids.flatMap((id) => packs.find((pack) => pack.id === id) ?? [])
  return found.length === ids.length ? compilePolicy(found) : null
}

test('Chromium gives the verdict of Node on every vector, byte for byte', async (context) => {
  if (chromium === null) return context.skip(NO_CHROMIUM)
  assert.ok(VECTORS.length > 300)
  assert.deepEqual(await decideInPage({ withoutTemporal: false }), decideHere())
})

test('so does a browser that has no Temporal', async (context) => {
  if (chromium === null) return context.skip(NO_CHROMIUM)
  assert.deepEqual(await decideInPage({ withoutTemporal: true }), decideHere())
})
