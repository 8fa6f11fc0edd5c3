import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPack } from '../../../server/src/platform/packs.ts'
import {
  decide,
  diffPolicies,
  factsSchema,
  loadOverlay,
  normaliseText,
  type Pack,
  parsePack,
  ruleIds,
} from '../index.ts'

function packNamed(id: string): Pack {
  const pack = readPack(id)
  assert.ok(pack)
  return pack
}
const CN = packNamed('cn')
const OVERLAY = packNamed('lender-default')

test('an overlay lowers the number of a cap, and the rule then says the lower one', () => {
  const tight = { ...OVERLAY, tighten: [{ rule: 'cn.call.daily-effective-cap', max: 1 }] }
  const talk = { channel: 'call', direction: 'outbound', party: 'p1', effective: true } as const
  const facts = factsSchema.parse({
    borrower: { country: 'CN' },
    parties: [{ id: 'p1', relation: 'borrower' }],
    points: [{ id: 't1', party: 'p1', kind: 'phone' }],
    history: [{ ...talk, at: '2026-06-01T09:00:00+08:00' }],
  })
  const intent = {
    at: '2026-06-01T10:00:00+08:00',
    channel: 'call',
    party: 'p1',
    point: 't1',
  } as const
  assert.equal(decide(loadOverlay([CN], OVERLAY), facts, intent).verdict, 'permit')
  assert.deepEqual(ruleIds(decide(loadOverlay([CN], tight), facts, intent)), [
    'cn.call.daily-effective-cap',
  ])
})

test('an overlay that raises a number, replaces a rule or is no overlay fails with the rule named', () => {
  const raising = { ...OVERLAY, tighten: [{ rule: 'cn.call.daily-effective-cap', max: 4 }] }
  assert.throws(() => loadOverlay([CN], raising), /cn\.call\.daily-effective-cap/)
  const window = { ...OVERLAY, tighten: [{ rule: 'cn.time.quiet-hours', max: 1 }] }
  assert.throws(() => loadOverlay([CN], window), /cn\.time\.quiet-hours/)
  const [rule] = CN.rules
  assert.ok(rule)
  const replacing = { ...OVERLAY, rules: [rule] }
  assert.throws(() => loadOverlay([CN], replacing), /cn\.point\.owner/)
  assert.throws(() => loadOverlay([OVERLAY], CN), /no overlay/)
})

test('a pack with an unknown key, kind or word does not load, and the place is named', () => {
  assert.throws(() => parsePack({ ...CN, colour: 'red' }), /colour/)
  const [rule] = CN.rules
  assert.throws(() => parsePack({ ...CN, rules: [{ ...rule, severity: 'perhaps' }] }), /severity/)
})

test('a difference between two policies comes with a case that shows it', () => {
  const differences = diffPolicies(
    loadOverlay([CN], OVERLAY),
    loadOverlay([packNamed('ru')], OVERLAY),
  )
  const hours = differences.find(({ rule }) => rule === 'cn.time.quiet-hours')
  assert.equal(hours?.side, 'only-first')
  assert.ok(hours?.witness)
})

test('simple disguises are undone, and a plain text stays as it is', () => {
  assert.equal(normaliseText('后 果.自*负'), '后果自负')
  assert.equal(normaliseText('後果自負'), '后果自负')
  assert.equal(normaliseText('后\u200b果自负'), '后果自负')
  assert.equal(normaliseText('老．賴'), '老赖')
  assert.equal(normaliseText('应还100元，请于6月1日前还款'), '应还100元请于6月1日前还款')
  assert.equal(normaliseText('Please pay, by 6 June.'), 'Please pay, by 6 June.')
})
