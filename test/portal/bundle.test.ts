import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ensureWeb } from '../../server/src/build-web.ts'

// What a first visit costs on the wire, on a phone that pays for it.

const FIRST_LOAD_MAX = 180_000

/** Files that a chunk loads at once, and theirs: static imports as the bundler wrote them. */
function withImports(assets: string, name: string, seen: Set<string>): Set<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  if (!name.endsWith('.js')) return seen
  const text = readFileSync(join(assets, name), 'utf8')
  const imports = text.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+)["'`]/g)
  for (const [, next = ''] of imports) withImports(assets, next, seen)
  return seen
}

test('the first load of every page of the portal stays within 180 kB of brotli', async (t) => {
  const folder = await ensureWeb('portal', () => undefined)
  const assets = join(folder, 'assets')
  const page = readFileSync(join(folder, 'index.html'), 'utf8')
  const entry = [...page.matchAll(/\/portal\/assets\/([\w.-]+)/g)].map(([, name = '']) => name)
  const shell = new Set<string>()
  for (const name of entry) withImports(assets, name, shell)
  assert.ok(shell.size > 1)
  const pages = readdirSync(assets).filter((name) => /-page-[\w-]+\.js$/.test(name))
  assert.ok(pages.length > 4)
  for (const name of pages) {
    const files = withImports(assets, name, new Set(shell))
    const bytes = [...files].reduce(
      (sum, file) => sum + statSync(join(assets, `${file}.br`)).size,
      0,
    )
    t.diagnostic(`${name.replace(/-page.*/, '')}: ${bytes} bytes in ${files.size} files`)
    assert.ok(bytes <= FIRST_LOAD_MAX, `${name}: ${bytes} bytes`)
  }
})
