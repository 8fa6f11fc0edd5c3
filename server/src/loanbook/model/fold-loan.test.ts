import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkVector } from './vector.ts'

const ROOT = join(import.meta.dirname, '../../../..')
const OURS = join(ROOT, 'vectors/ledger.jsonl')
const SHARED = join(ROOT, '../shared/vectors/ledger-public.jsonl')

function failuresIn(file: string): unknown[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => checkVector(JSON.parse(line)))
    .filter(({ failures }) => failures.length > 0)
}

test('every ledger vector of the project holds', () => {
  assert.deepEqual(failuresIn(OURS), [])
})

test('every shared ledger vector holds', (context) => {
  if (!existsSync(SHARED)) return context.skip('../shared/vectors/ledger-public.jsonl is absent')
  assert.deepEqual(failuresIn(SHARED), [])
})
