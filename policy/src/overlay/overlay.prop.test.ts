import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Random, randomInt, required, seededRandom } from '@dunlin/kernel'
import { packIds, readPack } from '../../../server/src/platform/packs.ts'
import {
  compilePolicy,
  decide,
  loadOverlay,
  type Pack,
  parsePack,
  type Rule,
  ruleIds,
} from '../index.ts'
import { randomCase } from '../random-case.ts'

const SEED = 31_415
const RANK = { permit: 0, defer: 1, refuse: 2 } as const
const PACKS = packIds().map((id) => required(readPack(id), id))
const RULES = PACKS.flatMap(({ rules }) => rules)
const LEXICONS = Object.assign({}, ...PACKS.map(({ lexicons }) => lexicons))
const PHRASES = Object.assign({}, ...PACKS.map(({ phrases }) => phrases))

/** An overlay of rules from anywhere, and of lower numbers for some caps of the base. */
function randomOverlay(random: Random, base: Pack): Pack {
  const rules = Array.from({ length: randomInt(random, 0, 5) }, (_, index) => {
    const rule = required(RULES[randomInt(random, 0, RULES.length - 1)], 'rule')
    return { ...rule, id: `overlay.rule-${index}` }
  })
  const tighten = base.rules.flatMap((rule: Rule) => {
    if (rule.kind !== 'cap' || rule.max === 'days-in-month' || random() < 0.4) return []
    return [{ rule: rule.id, max: randomInt(random, 0, rule.max) }]
  })
  return parsePack({
    id: 'overlay',
    version: '1',
    title: { zh: '随机加严层', en: 'Random overlay' },
    jurisdiction: '*',
    kind: 'overlay',
    rules,
    tighten,
    lexicons: LEXICONS,
    phrases: PHRASES,
  })
}

test('whatever loads as an overlay permits nothing that its base refuses, and permits nothing sooner', () => {
  let tighter = 0
  for (let turn = 0; turn < 60; turn += 1) {
    const random = seededRandom(SEED + turn)
    const base = required(PACKS.filter(({ kind }) => kind === 'base')[turn % 12], 'base')
    const under = compilePolicy([base])
    const over = loadOverlay([base], randomOverlay(random, base))
    for (let run = 0; run < 40; run += 1) {
      const { facts, intent } = randomCase(random)
      const [plain, tight] = [decide(under, facts, intent), decide(over, facts, intent)]
      const name = `overlay ${turn} over ${base.id}, case ${run}`
      assert.ok(RANK[tight.verdict] >= RANK[plain.verdict], name)
      if (plain.verdict === 'defer' && tight.verdict === 'defer')
        assert.ok(tight.until >= plain.until, name)
      if (plain.verdict !== 'permit') {
        const carried = new Set(ruleIds(tight))
        for (const { rule } of plain.reasons) assert.ok(carried.has(rule), `${name}: ${rule}`)
      }
      if (tight.verdict !== plain.verdict) tighter += 1
    }
  }
  assert.ok(tighter > 100, `only ${tighter} answers were stricter`)
})
