import assert from 'node:assert/strict'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createApp } from '../../server/src/platform/http/index.ts'
import { routeHelp } from '../../server/src/wire-help.ts'

// The handbook as it is served: the build itself fails on a link that leads nowhere.

const DOCS = join(import.meta.dirname, '../../docs')

test('every page of docs/ is served, in both languages, with its scripts named and nothing else let in', async () => {
  const failures: unknown[] = []
  const app = await createApp({ version: '0', onFailure: (error) => failures.push(error) })
  routeHelp(app, (error) => failures.push(error))
  const get = (url: string) => app.inject({ url })
  const first = await get('/help/')
  assert.ok([200, 503].includes(first.statusCode))
  if (first.statusCode === 503) assert.equal(first.headers['retry-after'], '5')
  while ((await get('/help/')).statusCode === 503 && failures.length === 0) await pause(200)
  for (const page of globSync('**/*.md', { cwd: DOCS })) {
    const { statusCode, headers, body } = await get(`/help/${page.replace(/\.md$/, '.html')}`)
    assert.equal(statusCode, 200, page)
    assert.match(String(headers['content-type']), /^text\/html/)
    const policy = String(headers['content-security-policy'])
    assert.match(policy, /script-src 'self' 'sha256-[^;]+; style-src/)
    assert.doesNotMatch(policy, /script-src[^;]*unsafe/)
    const inline = body.match(/<script(?![^>]*src=)/g) ?? []
    assert.equal(inline.length, policy.match(/'sha256-/g)?.length, `${page}: its inline scripts`)
  }
  assert.equal((await get('/help/zh/')).statusCode, 200)
  assert.match((await get('/help/zh/agent.html')).body, /lang="zh-CN"/)
  assert.equal((await get('/help/nothing.html')).statusCode, 404)
  for (const path of ['..%2f..%2fpackage.json', '%2e%2e/%2e%2e/package.json', '.%2e/package.json'])
    assert.ok((await get(`/help/${path}`)).statusCode >= 400, path)
  assert.deepEqual(failures, [])
  await app.close()
})
