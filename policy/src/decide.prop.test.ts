import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant, seededRandom } from '@dunlin/kernel'
import { readPack } from '../../server/src/platform/packs.ts'
import {
  compilePolicy,
  decide,
  type Facts,
  type Intent,
  type Pack,
  type Policy,
  ruleIds,
} from './index.ts'
import { prepareFacts } from './prepare.ts'
import { iso, randomCase } from './random-case.ts'
import { setScene } from './scene.ts'

const SEED = 20_261_124
const PACKS = [['cn', 'wecom'], ['us', 'us-ma', 'us-nyc'], ['in'], ['ca-on'], ['ru']].map((ids) =>
  ids.map(packNamed),
)
const POLICIES = PACKS.map((packs) => compilePolicy(packs))
const RANK = { permit: 0, defer: 1, refuse: 2 } as const

function packNamed(id: string): Pack {
  const pack = readPack(id, { allowTest: true })
  assert.ok(pack)
  return pack
}

/** Runs a property over seeded cases and every policy; a failure names the case to run again. */
function holdsFor(
  runs: number,
  property: (given: { facts: Facts; intent: Intent; at: number; policy: Policy }) => void,
): void {
  for (let run = 0; run < runs; run += 1) {
    const given = randomCase(seededRandom(SEED + run))
    for (const policy of POLICIES) {
      try {
        property({ ...given, policy })
      } catch (error) {
        throw new Error(`case ${run}, ${policy.packs.map(({ id }) => id).join(' + ')}`, {
          cause: error,
        })
      }
    }
  }
}

test('the same question has the same answer, and asking changes nothing', () => {
  holdsFor(800, ({ policy, facts, intent }) => {
    const before = structuredClone({ facts, intent })
    const first = decide(policy, facts, intent)
    assert.deepEqual(decide(policy, facts, intent), first)
    assert.deepEqual({ facts, intent }, before)
  })
})

test('the answer does not depend on the order of rules, holds, consents or history', () => {
  const turned = PACKS.map((packs) =>
    compilePolicy(packs.map((pack) => ({ ...pack, rules: pack.rules.toReversed() }))),
  )
  holdsFor(500, ({ policy, facts, intent }) => {
    const given = decide(policy, facts, intent)
    const other = decide(
      turned[POLICIES.indexOf(policy)] ?? policy,
      {
        ...facts,
        holds: facts.holds.toReversed(),
        consents: facts.consents.toReversed(),
        points: facts.points.toReversed(),
      },
      intent,
    )
    assert.equal(other.verdict, given.verdict)
    assert.deepEqual(ruleIds(other).sort(), ruleIds(given).sort())
    if (given.verdict === 'defer')
      assert.equal(other.verdict === 'defer' && other.until, given.until)
  })
})

test('no rule that is left out for the contact, or for its plain point, could be broken by it', () => {
  let leftOut = 0
  holdsFor(700, ({ policy, facts, intent }) => {
    const set = setScene(prepareFacts(facts), intent)
    if ('missing' in set) return
    const { rules, holds } = policy.rulesFor(set.scene)
    const asked = new Set([...rules, ...holds.map(({ compiled }) => compiled)].map(idOf))
    for (const considered of policy.rulesConsidered(set.scene)) {
      if (asked.has(idOf(considered))) continue
      leftOut += 1
      const { applies, isViolated } = considered
      assert.ok(!applies(set.scene) || !isViolated(set.scene), idOf(considered))
    }
  })
  assert.ok(leftOut > 1000)
})

function idOf({ rule }: { readonly rule: { readonly id: string } }): string {
  return rule.id
}

test('until is permitted, by the same gate, with the history as it was', () => {
  holdsFor(700, ({ policy, facts, intent, at }) => {
    const verdict = decide(policy, facts, intent)
    if (verdict.verdict !== 'defer') return
    assert.ok(verdict.until > at)
    const then = decide(policy, historyUntil(facts, at), { ...intent, at: iso(verdict.until) })
    assert.equal(then.verdict, 'permit', ruleIds(then).join(', '))
  })
})

test('another hold or another contact made never permits more', () => {
  holdsFor(700, ({ policy, facts, intent, at }) => {
    const before = decide(policy, facts, intent)
    const held = decide(
      policy,
      { ...facts, holds: [...facts.holds, { kind: 'hardship', from: iso(at) }] },
      intent,
    )
    assert.ok(RANK[held.verdict] >= RANK[before.verdict])
    if (intent.direction === 'reply' || intent.party !== 'p1') return
    const made = {
      at: iso(at - 1000),
      channel: 'call',
      direction: 'outbound',
      party: 'p1',
      point: 't1',
      line: 'connected',
      effective: true,
    } as const
    const called = decide(policy, { ...facts, history: [...facts.history, made] }, intent)
    assert.ok(RANK[called.verdict] >= RANK[before.verdict])
  })
})

test('an overlay permits nothing that its base refuses', () => {
  const base = packNamed('cn')
  const overlay = packNamed('lender-default')
  const tighter = compilePolicy([
    base,
    overlay,
    {
      ...overlay,
      id: 'tight',
      rules: [],
      tighten: [{ rule: 'cn.call.daily-effective-cap', max: 1 }],
    },
  ])
  const plain = compilePolicy([base])
  holdsFor(700, ({ facts, intent }) => {
    const [under, over] = [decide(plain, facts, intent), decide(tighter, facts, intent)]
    assert.ok(RANK[over.verdict] >= RANK[under.verdict])
    if (under.verdict === 'defer' && over.verdict === 'defer') assert.ok(over.until >= under.until)
  })
})

/** Waiting changes only the clock: what happens after the question is not part of the answer. */
function historyUntil(facts: Facts, at: number): Facts {
  const until = iso(instant(at))
  return { ...facts, history: facts.history.filter((event) => event.at <= until) }
}
