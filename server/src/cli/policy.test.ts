import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runPolicyExplain } from './explain.ts'
import { runPolicyCheck, runPolicyDiff, runPolicyList } from './policy.ts'

function capture() {
  const lines: string[] = []
  const problems: string[] = []
  const io = {
    out: (line: string) => lines.push(line),
    error: (line: string) => problems.push(line),
  }
  return { lines, problems, options: { json: false, io } }
}

const VECTOR = {
  id: 'night',
  policy: ['cn'],
  facts: {
    borrower: { country: 'CN' },
    parties: [{ id: 'p1', relation: 'borrower' }],
    points: [{ id: 't1', party: 'p1', kind: 'phone' }],
  },
  intent: { at: '2026-06-01T22:00:00+08:00', channel: 'call', party: 'p1', point: 't1' },
  expect: {
    verdict: 'defer',
    rules: ['cn.time.quiet-hours'],
    until: '2026-06-02T08:00:00+08:00',
  },
}

function fileOf(...vectors: unknown[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'dunlin-policy-')), 'vectors.jsonl')
  writeFileSync(file, vectors.map((vector) => JSON.stringify(vector)).join('\n'))
  return file
}

test('policy check ends with a count, and returns 1 with a line for each failure', async () => {
  const good = capture()
  assert.equal(await runPolicyCheck([fileOf(VECTOR)], good.options), 0)
  assert.deepEqual(good.lines, ['1 passed, 0 failed'])
  const bad = capture()
  const wrong = { ...VECTOR, id: 'wrong', expect: { verdict: 'permit' } }
  assert.equal(await runPolicyCheck([fileOf(VECTOR, wrong)], bad.options), 1)
  assert.equal(bad.lines.length, 2)
  assert.match(bad.lines[0] ?? '', /^wrong: expected permit, got defer/)
  assert.equal(bad.lines[1], '1 passed, 1 failed')
})

test('policy check returns 2 for a file that is not there', async () => {
  const { problems, options } = capture()
  assert.equal(await runPolicyCheck(['/nowhere/vectors.jsonl'], options), 2)
  assert.equal(problems.length, 1)
})

test('policy explain tells the moment, the rule and its source', () => {
  const { lines, options } = capture()
  assert.equal(runPolicyExplain(fileOf(VECTOR), options), 0)
  assert.match(
    lines.join('\n'),
    /defer until 2026-06-02T00:00:00Z[\s\S]*cn\.time\.quiet-hours[\s\S]*GB\/T 45251/,
  )
})

test('policy explain tells what every considered rule found, in words and as JSON', () => {
  const { lines, options } = capture()
  assert.equal(runPolicyExplain(fileOf(VECTOR), options), 0)
  assert.ok(lines.some((line) => /^broken: .*cn\.time\.quiet-hours/.test(line)))
  assert.ok(lines.some((line) => /^holds: .*cn\.point/.test(line)))
  const json = capture()
  assert.equal(runPolicyExplain(fileOf(VECTOR), { ...json.options, json: true }), 0)
  assert.match(json.lines.join(), /"until":"2026-06-02T00:00:00Z".*"considered":\[\{"rule"/)
})

test('policy explain refuses with the missing fact where nothing can be read, and returns 2 for no vector', () => {
  const { lines, options } = capture()
  assert.equal(runPolicyExplain(fileOf({ ...VECTOR, facts: 7 }), options), 0)
  assert.equal(lines[0], 'refuse')
  assert.match(lines[1] ?? '', /facts\.missing facts/)
  const none = capture()
  assert.equal(runPolicyExplain(fileOf({ policy: 'cn' }), none.options), 2)
  assert.equal(runPolicyExplain('/nowhere/vector.json', none.options), 2)
  assert.equal(none.problems.length, 2)
})

test('policy list shows every pack but those for tests', () => {
  const { lines, options } = capture()
  assert.equal(runPolicyList([], options), 0)
  for (const id of ['cn.point.owner', 'us.call.7in7', 'ru.time.8-22', 'lender.content.who']) {
    assert.ok(
      lines.some((line) => line.includes(id)),
      id,
    )
  }
  assert.ok(!lines.some((line) => line.includes('test-us')))
})

test('policy diff finds nothing between a policy and itself, and the overlay between base and more', () => {
  assert.equal(runPolicyDiff('cn', 'cn', capture().options), 0)
  const { lines, options } = capture()
  assert.equal(runPolicyDiff('cn', 'cn+lender-default', options), 1)
  assert.ok(lines.includes('lender.content.evasion is only in cn+lender-default'))
  assert.equal(runPolicyDiff('cn', 'atlantis', capture().options), 2)
})

test('policy diff shows every difference between shipped policies by a case that the two answer differently', () => {
  for (const [first, second] of [
    ['us', 'us+us-ma+us-nyc'],
    ['cn', 'cn+wecom'],
    ['uk', 'in'],
  ] as const) {
    const { lines, options } = capture()
    runPolicyDiff(first, second, { ...options, json: true })
    assert.ok(lines.length > 1)
    for (const line of lines) {
      const { rule, witness } = JSON.parse(line)
      assert.ok(witness !== null, `${rule} has no witness`)
      assert.notDeepEqual(witness.first, witness.second, rule)
    }
  }
})

test('policy diff reads a pack of one’s own and tells both numbers in words, with what each then answers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dunlin-policy-'))
  const file = join(folder, 'cn.yaml')
  const ours = readFileSync(join(import.meta.dirname, '../../../packs/cn.yaml'), 'utf8')
  assert.match(ours, /max: 3/)
  writeFileSync(file, ours.replace('max: 3', 'max: 2'))
  const { lines, options } = capture()
  assert.equal(runPolicyDiff('cn', file, options), 1)
  const text = lines.join('\n')
  assert.match(text, /cn\.call\.daily-effective-cap differs/)
  assert.match(text, /cn says: at most 3 a local calendar day/)
  assert.match(text, /cn\.yaml says: at most 2 a local calendar day/)
  assert.match(text, /for example .* cn → permit; .*cn\.yaml → defer until/)
  assert.equal(lines.at(-1), '1 differences')
})
