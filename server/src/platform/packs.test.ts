import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse, stringify } from 'yaml'
import { loadPolicy } from './packs.ts'

const PACKS = join(import.meta.dirname, '../../../packs')

/** A copy of `packs/` in which the lender's overlay is changed. */
function packsWith(change: (overlay: Record<string, unknown>) => object): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'dunlin-packs-')), 'packs')
  cpSync(PACKS, folder, { recursive: true })
  const file = join(folder, 'lender-default.yaml')
  writeFileSync(file, stringify(change(parse(readFileSync(file, 'utf8')))))
  return folder
}

test('an overlay that raises a number of its base does not load', () => {
  const folder = packsWith((overlay) => ({
    ...overlay,
    tighten: [{ rule: 'cn.call.daily-effective-cap', max: 4 }],
  }))
  assert.throws(
    () => loadPolicy(['cn', 'lender-default'], { folder }),
    /cn\.call\.daily-effective-cap/,
  )
})

test('an overlay that replaces a rule of its base does not load, wherever it is named', () => {
  const cn = parse(readFileSync(join(PACKS, 'cn.yaml'), 'utf8'))
  const folder = packsWith((overlay) => ({ ...overlay, rules: [cn.rules[0]] }))
  for (const ids of [
    ['cn', 'lender-default'],
    ['lender-default', 'cn'],
  ]) {
    assert.throws(() => loadPolicy(ids, { folder }), /may not replace rule cn\./)
  }
})

test('the overlay of the house loads over every pack, and lies over them in any order', () => {
  const policy = loadPolicy(['lender-default', 'cn', 'wecom'])
  assert.deepEqual(
    policy?.packs.map(({ id }) => id),
    ['cn', 'wecom', 'lender-default'],
  )
})

test('a pack that does not exist gives no policy', () => {
  assert.equal(loadPolicy(['cn', 'atlantis']), null)
})
