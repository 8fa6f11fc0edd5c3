import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { loadPolicy } from '../../server/src/platform/packs.ts'
import { checkVector } from './index.ts'

const ROOT = join(import.meta.dirname, '../..')
const SHARED = join(ROOT, '../shared/vectors/policy-public.jsonl')
const FILES = [
  'policy-cn.jsonl',
  'policy-countries.jsonl',
  'policy-boundaries.jsonl',
  'policy-rules.jsonl',
]

function failuresIn(file: string): unknown[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
    .map((vector) => checkVector(vector, (packs) => loadPolicy(packs)))
    .filter(({ failures }) => failures.length > 0)
}

test('every policy vector of the project holds', () => {
  assert.deepEqual(
    FILES.flatMap((file) => failuresIn(join(ROOT, 'vectors', file))),
    [],
  )
})

test('every shared policy vector holds', (context) => {
  if (!existsSync(SHARED)) return context.skip('../shared/vectors/policy-public.jsonl is absent')
  assert.deepEqual(failuresIn(SHARED), [])
})

test('an unknown pack is a missing fact', () => {
  const [line = ''] = readFileSync(join(ROOT, 'vectors/policy-cn.jsonl'), 'utf8').split('\n')
  const vector = {
    ...JSON.parse(line),
    policy: ['atlantis'],
    expect: { verdict: 'refuse', rules: ['facts.missing'] },
  }
  assert.deepEqual(checkVector(vector, (packs) => loadPolicy(packs)).failures, [])
})

test('production refuses a pack that is for tests only', () => {
  assert.throws(() => loadPolicy(['test-us-hours-caps']), /tests only/)
})
