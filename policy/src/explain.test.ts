import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@dunlin/kernel'
import { loadPolicy } from '../../server/src/platform/packs.ts'
import { decide, explain, factsSchema, intentSchema } from './index.ts'
import { randomCase } from './random-case.ts'

test('an explanation gives the verdict of the gate, and its broken rules are the reasons', () => {
  const policy = loadPolicy(['us', 'us-nyc'])
  assert.ok(policy)
  for (let seed = 0; seed < 500; seed += 1) {
    const { facts, intent } = randomCase(seededRandom(seed))
    const { verdict, considered } = explain(policy, facts, intent)
    assert.deepEqual(verdict, decide(policy, facts, intent))
    if (considered.length === 0) continue
    const told = [...verdict.advice, ...(verdict.verdict === 'permit' ? [] : verdict.reasons)]
    assert.deepEqual(
      considered
        .filter(({ state }) => state === 'broken')
        .map(({ rule }) => rule)
        .sort(),
      told.map(({ rule }) => rule).sort(),
    )
  }
})

test('a rule that a consent lifts is told as lifted', () => {
  const policy = loadPolicy(['cn'])
  assert.ok(policy)
  const facts = factsSchema.parse({
    borrower: { country: 'CN' },
    parties: [{ id: 'p1', relation: 'borrower' }],
    points: [{ id: 't1', party: 'p1', kind: 'phone' }],
    history: [
      { at: '2026-06-01T21:30:00+08:00', channel: 'call', direction: 'inbound', party: 'p1' },
    ],
  })
  const intent = intentSchema.parse({
    at: '2026-06-01T23:00:00+08:00',
    channel: 'call',
    direction: 'reply',
    party: 'p1',
    point: 't1',
  })
  const states = new Map(explain(policy, facts, intent).considered.map((c) => [c.rule, c.state]))
  assert.equal(states.get('cn.actor.certified'), 'holds')
  assert.equal(states.get('cn.time.quiet-hours'), 'lifted')
  assert.equal(states.get('cn.contact.debtor-only'), 'not-concerned')
})
