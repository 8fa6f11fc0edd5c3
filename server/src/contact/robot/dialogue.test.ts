import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Answer, beginDialogue, readDialogue, stateOf, stepDialogue } from './dialogue.ts'
import { robotDialogue } from './load-dialogue.ts'
import { scriptProblems, sectionsOf } from './script.ts'
import { fitsIdentity, yesOrNo } from './spoken.ts'

const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc
    .constantFrom('0', '1', '2', '3', '4', '9', '7777')
    .map((keys) => ({ kind: 'keys' as const, keys })),
  fc
    .record({
      about: fc.constantFrom('promise', 'stop', 'dispute', 'distress', 'other', 'yes', 'no'),
      says: fc.constantFrom('yes' as const, 'no' as const, null),
    })
    .map((said) => ({ kind: 'words' as const, ...said })),
  fc.constant({ kind: 'identity' as const, fits: false }),
  fc.constant({ kind: 'silence' as const }),
)

test('no run of answers without a fitting identity hears of a debt, is the right party or promises', () => {
  const dialogue = robotDialogue()
  fc.assert(
    fc.property(fc.array(answer, { maxLength: 30 }), (answers) => {
      let memory = beginDialogue(dialogue)
      for (const each of answers) {
        const state = stateOf(dialogue, memory.state)
        if (state.asks === null) break
        // Only a state that asks for an identity is ever told of one.
        if (each.kind === 'identity' && !state.asks.identity) continue
        memory = stepDialogue(dialogue, memory, each)
        assert.equal(stateOf(dialogue, memory.state).debt, false)
      }
      assert.deepEqual([memory.party === 'right-party', memory.promiseInDays], [false, null])
    }),
    { numRuns: 2000 },
  )
})

test('a call ends after so many answers that nobody understood, and a second wrong identity', () => {
  const dialogue = robotDialogue()
  let memory = beginDialogue(dialogue)
  for (let time = 0; time < 3; time += 1)
    memory = stepDialogue(dialogue, memory, { kind: 'silence' })
  assert.equal(memory.state, 'goodbye')
  let asked = stepDialogue(dialogue, beginDialogue(dialogue), { kind: 'keys', keys: '1' })
  for (let time = 0; time < 2; time += 1)
    asked = stepDialogue(dialogue, asked, { kind: 'identity', fits: false })
  assert.equal(asked.state, 'unverified')
})

test('a dialogue with a way past the identity, or to nowhere, is refused', () => {
  const states = {
    opening: { asks: { keys: 1, seconds: 5 }, on: { '1': 'offer' } },
    offer: { debt: true },
  }
  const given = { start: 'opening', missesMax: 2, lost: 'opening', words: {}, states }
  assert.throws(() => readDialogue(given), /offer is reached without an identity/)
  assert.throws(() => readDialogue({ ...given, start: 'nowhere' }), /no state nowhere/)
})

test('a script without a section, or with a debt where anybody hears it, cannot be held', () => {
  const dialogue = robotDialogue()
  const whole = Object.entries(dialogue.states)
    .map(([name, { says = name }]) => `[${says}]\nwords of ${says}`)
    .join('\n')
  assert.deepEqual(scriptProblems(dialogue, whole), [])
  assert.deepEqual(
    scriptProblems(dialogue, whole.replace('words of opening', 'you owe {{ amount }}')),
    ['[opening] may be heard by anybody'],
  )
  assert.deepEqual(scriptProblems(dialogue, whole.replace('words of stop', '')), [
    '[stop] is missing',
  ])
  assert.equal(sectionsOf('[a]\none\ntwo\n[b]\nthree').get('a'), 'one two')
})

test('an identity fits by keys and by speech, and nothing fits a number that nobody knows', () => {
  for (const said of ['123X', '123*', '123x', '一二三叉', '幺二三 X'])
    assert.ok(fitsIdentity(said, '11010119900307123X'))
  assert.ok(!fitsIdentity('1234', '11010119900307123X'))
  assert.ok(!fitsIdentity('', ''))
  assert.ok(!fitsIdentity('23X', '11010119900307123X'))
  assert.deepEqual(['是的。', '我是本人', '不是我', 'Yes!', '我昨天还了'].map(yesOrNo), [
    'yes',
    'yes',
    'no',
    'yes',
    null,
  ])
})
