import assert from 'node:assert/strict'
import { test } from 'node:test'
import { required, seededRandom } from '@dunlin/kernel'
import { loadPolicy } from '../../server/src/platform/packs.ts'
import { decide, decideGiven, type Reason, type Verdict } from './index.ts'
import { randomCase } from './random-case.ts'

const FACTS = {
  borrower: { country: 'US', zones: ['America/New_York'] },
  parties: [{ id: 'p1', relation: 'borrower' }],
  points: [{ id: 't1', party: 'p1', kind: 'phone' }],
  debts: [{ id: 'd1' }],
}
const INTENT = { at: '2026-06-01T12:00:00-04:00', channel: 'call', party: 'p1', point: 't1' }
const AT = '2026-06-01T10:00:00-04:00'

/** The missing fact by its path: what is wrong with facts, what is wrong with the intent, in which packs. */
const CASES: readonly [string, object, object, string[]][] = [
  ['borrower.country', { borrower: { zones: ['America/New_York'] } }, {}, ['us']],
  ['borrower.zones', { borrower: { country: 'US' } }, {}, ['us']],
  ['borrower.zones', { borrower: { country: 'US', zones: [] } }, {}, ['us']],
  [
    'borrower.zones',
    { borrower: { country: 'US', zones: ['America/New_York', 'Mars/Olympus'] } },
    {},
    ['us'],
  ],
  ['parties.p1.zones', { parties: [{ id: 'p1', relation: 'borrower', zones: ['?'] }] }, {}, ['us']],
  ['borrower.holidays', { borrower: { ...FACTS.borrower, holidays: ['2026-02-30'] } }, {}, ['us']],
  [
    'borrower.unreachableSince',
    { borrower: { ...FACTS.borrower, unreachableSince: 'long ago' } },
    {},
    ['us'],
  ],
  ['history[0].at', { history: [{ at: 'yesterday', channel: 'call' }] }, {}, ['us']],
  ['consents[0].to', { consents: [{ kind: 'more-calls', to: 'soon' }] }, {}, ['us']],
  ['holds[0].from', { holds: [{ kind: 'cease', from: '2026-06-01' }] }, {}, ['us']],
  [
    'holds[0].scope.hours',
    { holds: [{ kind: 'inconvenient-time', from: AT, scope: { hours: ['8-9'] } }] },
    {},
    ['us'],
  ],
  ['debts[0].noticeSentAt', { debts: [{ id: 'd1', noticeSentAt: 'once' }] }, {}, ['us']],
  ['debts[0].dueSince', { debts: [{ id: 'd1', dueSince: AT }] }, {}, ['us']],
  ['intent.party', {}, { party: 'p9' }, ['us']],
  ['intent.point', {}, { point: undefined }, ['us']],
  ['intent.debts', {}, { debts: ['d1', 'd9'] }, ['us']],
  ['intent.at', {}, { at: 'noon' }, ['us']],
  ['intent.channel', {}, { channel: 'pigeon' }, ['us']],
  ['intent.purpose', {}, { purpose: 'revenge' }, ['us']],
  ['facts.parties', { parties: 'p1' }, {}, ['us']],
  ['policy', {}, {}, ['us', 'atlantis']],
  ['intent.provider.collectionContent', {}, { channel: 'sms' }, ['cn']],
  ['intent.actor.listed', {}, { actor: { kind: 'agent', agency: 'a' } }, ['cn']],
  ['intent.audience.borrowers', {}, { channel: 'wecom-group' }, ['cn', 'wecom']],
  ['intent.actor.id', {}, { channel: 'wecom', via: 'mass' }, ['cn', 'wecom']],
  ['intent.content.language', {}, { content: { text: 'Bonjour', language: 'fr' } }, ['us']],
  ['intent.content.language', {}, { content: { text: '您好' } }, ['cn']],
]

function missingOf(verdict: Verdict): readonly (string | undefined)[] {
  const reasons: readonly Reason[] = verdict.verdict === 'permit' ? [] : verdict.reasons
  return reasons.filter(({ rule }) => rule === 'facts.missing').map(({ field }) => field)
}

test('a fact that is missing, unknown or cannot be read refuses, and is named', () => {
  for (const [field, facts, intent, packs] of CASES) {
    const verdict = decideGiven(loadPolicy(packs), { ...FACTS, ...facts }, { ...INTENT, ...intent })
    assert.equal(verdict.verdict, 'refuse', field)
    assert.deepEqual(missingOf(verdict), [field])
  }
})

test('a country with one zone needs none; a borrower who may have moved is asked about in every zone', () => {
  const at = (zones: readonly string[] | undefined, country: string) =>
    decideGiven(
      loadPolicy(['us']),
      { ...FACTS, borrower: { country, ...(zones === undefined ? {} : { zones }) } },
      INTENT,
    ).verdict
  assert.equal(at(undefined, 'GB'), 'permit')
  assert.equal(at(undefined, 'US'), 'refuse')
  assert.equal(at(['America/New_York'], 'US'), 'permit')
  assert.equal(at(['America/New_York', 'Pacific/Honolulu'], 'US'), 'defer')
})

test('several candidate zones permit only what each of them permits, and no sooner', () => {
  let compared = 0
  for (let run = 0; run < 4_000; run += 1) {
    const { facts, intent } = randomCase(seededRandom(run))
    const zones = facts.borrower.zones ?? []
    if (zones.length < 2) continue
    const packs = [['cn'], ['us', 'us-ma'], ['ru'], ['ca-on']][run % 4] ?? []
    const policy = required(loadPolicy(packs), 'policy')
    const together = decide(policy, facts, intent)
    for (const zone of zones) {
      const alone = decide(
        policy,
        { ...facts, borrower: { ...facts.borrower, zones: [zone] } },
        intent,
      )
      if (together.verdict === 'permit')
        assert.equal(alone.verdict, 'permit', `case ${run} ${zone}`)
      if (together.verdict === 'defer' && alone.verdict === 'defer')
        assert.ok(together.until >= alone.until, `case ${run} ${zone}`)
      compared += 1
    }
  }
  assert.ok(compared > 1_000)
})
