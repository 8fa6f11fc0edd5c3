import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { ROOT } from './source-files.ts'

const PACKAGES = [
  'kernel',
  'policy',
  'contract',
  'ui',
  'console',
  'portal',
  'server',
  'world',
  'sandbox',
  'bench',
]
const MODULES_MIN = 250

type Cruise = {
  readonly modules: readonly { readonly source: string }[]
  readonly summary: {
    readonly violations: readonly { from: string; to: string; rule: { name: string } }[]
  }
}

test('tiers look down only, domains are entered by their door, and the cruise saw the modules', () => {
  const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...PACKAGES]
  const run = spawnSync('depcruise', args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  })
  const cruise: Cruise = JSON.parse(run.stdout)
  const violations = cruise.summary.violations.map(
    (found) => `${found.rule.name}: ${found.from} → ${found.to}`,
  )
  assert.deepEqual(violations, [])
  const own = cruise.modules.filter(({ source }) => PACKAGES.includes(source.split('/')[0] ?? ''))
  assert.ok(own.length >= MODULES_MIN, `the cruise saw only ${own.length} modules`)
})
