import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@dunlin/kernel'
import { loadPolicy, packIds, readPack } from '../../../server/src/platform/packs.ts'
import {
  decide,
  explain,
  factsSchema,
  intentSchema,
  renderExplanation,
  ruleInWords,
} from '../index.ts'
import { randomCase } from '../random-case.ts'

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

const NIGHT_CALL = {
  facts: factsSchema.parse({
    borrower: { country: 'CN' },
    parties: [{ id: 'p1', relation: 'borrower', name: '<b>某某</b>' }],
    points: [
      { id: 't1', party: 'p1', kind: 'phone' },
      { id: '<i>w1</i>', party: 'p1', kind: 'address' },
    ],
    holds: [{ kind: 'hardship', from: '2026-05-01T00:00:00+08:00' }],
  }),
  intent: intentSchema.parse({
    at: '2026-06-01T23:00:00+08:00',
    channel: 'call',
    party: 'p1',
    point: 't1',
    actor: { kind: 'agent', certified: false },
  }),
}

test('what would change the answer was tried: each answer told is the one the gate gives', () => {
  const policy = loadPolicy(['cn'])
  assert.ok(policy)
  const { facts, intent } = NIGHT_CALL
  const { changes, verdict } = explain(policy, facts, intent)
  assert.equal(verdict.verdict, 'refuse')
  const told = new Map(changes.map(({ what, leadsTo }) => [what.en, leadsTo]))
  assert.equal(told.get('the end of the hold: hardship'), 'refuse')
  assert.equal(told.get('a certified, trained and listed person doing it'), 'refuse')
  const certified = { ...intent, actor: { kind: 'agent', certified: true } as const }
  const { changes: then, until } = explain(policy, { ...facts, holds: [] }, certified)
  assert.equal(until, '2026-06-02T00:00:00Z')
  assert.deepEqual(
    then
      .map(({ what, leadsTo }) => [what.en, leadsTo])
      .filter(([, leadsTo]) => leadsTo === 'permit'),
    [
      ['waiting until the earliest lawful moment', 'permit'],
      ['letter instead (contact point <i>w1</i>)', 'permit'],
      ['the person’s consent to contact outside the hours', 'permit'],
    ],
  )
})

test('the page tells answer, moment, reason, source and change in both languages, and escapes what it is given', () => {
  const policy = loadPolicy(['cn', 'lender-default'])
  assert.ok(policy)
  const { facts, intent } = NIGHT_CALL
  const given = explain(policy, { ...facts, holds: [] }, { ...intent, actor: { kind: 'agent' } })
  const [zh, en] = [
    renderExplanation(given, { language: 'zh' }),
    renderExplanation(given, { language: 'en' }),
  ]
  assert.match(
    zh,
    /<html lang="zh-CN">[\s\S]*顺延[\s\S]*2026-06-02 08:00:00[\s\S]*GB\/T 45251[\s\S]*依原文/,
  )
  assert.match(en, /<html lang="en">[\s\S]*Deferred[\s\S]*2026-06-02 08:00:00[\s\S]*GB\/T 45251/)
  assert.match(en, /only within local time every day 08:00-22:00/)
  assert.match(en, /What would change the answer[\s\S]*letter instead/)
  for (const page of [zh, en]) assert.doesNotMatch(page, /<i>w1|<b>某某|<script|http/)
})

test('every rule of every pack has a sentence of its own in both languages', () => {
  for (const id of packIds()) {
    const pack = readPack(id)
    assert.ok(pack)
    for (const rule of pack.rules) {
      const { zh, en } = ruleInWords(rule)
      assert.ok(zh.length > 3 && en.length > 3, rule.id)
      assert.doesNotMatch(`${zh}${en}`, /undefined|\[object|NaN/, rule.id)
    }
  }
})
