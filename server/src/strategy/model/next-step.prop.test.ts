import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addDays, type EpochDay, epochDay } from '@dunlin/kernel'
import fc from 'fast-check'
import { type CaseFacts, nextStep } from './next-step.ts'
import { compileStrategy } from './strategy.ts'

const START = epochDay(20_000)
const step = (key: string, trigger: object, more: object = {}) => ({
  key,
  trigger,
  channel: 'sms',
  template: 't',
  ...more,
})
const STRATEGY = compileStrategy({
  name: 'test',
  title: { zh: '测试', en: 'Test' },
  stages: [
    { name: 'pre-due', from: -5, to: 0 },
    { name: 'S1', from: 1, to: 10 },
    { name: 'S2', from: 11, to: 30 },
  ],
  steps: [
    step('pre', { dpd: -3 }),
    step('one', { dpd: 1 }),
    step('one-mail', { dpd: 1 }, { channel: 'email' }),
    step('five', { dpd: 5 }, { when: 'arrears > 50.0' }),
    step('twelve', { dpd: 12 }),
    step('before', { daysBeforePromise: 1 }),
    step('after', { daysAfterPromise: 1 }),
    step('talk', { daysAfterOutcome: 2, outcome: 'refuses' }),
  ],
  stop: [
    { when: 'promise == "open" && dpd > 20', because: { zh: '承诺期内', en: 'promise open' } },
  ],
})

const facts = (given: Partial<CaseFacts>): CaseFacts => ({
  agesFromOn: null,
  heldDpd: null,
  nextDueOn: null,
  arrears: 100,
  due: 0,
  language: 'zh-CN',
  lastStepOn: null,
  promise: null,
  outcome: null,
  ...given,
})
const keys = (found: ReturnType<typeof nextStep>) => found.now.map((each) => each.key)

test('the steps of a day are taken together, and the next day is known', () => {
  const on1 = nextStep(STRATEGY, facts({ agesFromOn: START }), addDays(START, 1))
  assert.deepEqual(keys(on1), ['one', 'one-mail'])
  assert.deepEqual(on1.next, { on: addDays(START, 5), key: 'five' })
})

test('a missed week takes the latest day only, and never a step of an earlier stage', () => {
  assert.deepEqual(keys(nextStep(STRATEGY, facts({ agesFromOn: START }), addDays(START, 9))), [
    'five',
  ])
  assert.deepEqual(keys(nextStep(STRATEGY, facts({ agesFromOn: START }), addDays(START, 11))), [])
  assert.deepEqual(keys(nextStep(STRATEGY, facts({ agesFromOn: START }), addDays(START, 20))), [
    'twelve',
  ])
})

test('before the due date the days to go count', () => {
  const given = facts({ nextDueOn: addDays(START, 10), arrears: 0 })
  assert.deepEqual(nextStep(STRATEGY, given, START).next, { on: addDays(START, 7), key: 'pre' })
  const now = nextStep(STRATEGY, given, addDays(START, 7))
  assert.deepEqual([keys(now), now.stage], [['pre'], 'pre-due'])
})

test('promises and outcomes trigger on their days; a kept promise triggers nothing after', () => {
  const dueOn = addDays(START, 5)
  const open = facts({
    agesFromOn: START,
    lastStepOn: addDays(START, 3),
    promise: { dueOn, state: 'open' },
  })
  assert.deepEqual(keys(nextStep(STRATEGY, open, addDays(START, 4))), ['before'])
  const broken = { ...open, promise: { dueOn, state: 'broken' }, lastStepOn: addDays(START, 5) }
  assert.deepEqual(keys(nextStep(STRATEGY, broken, addDays(START, 6))), ['after'])
  const kept = { ...open, promise: { dueOn, state: 'kept' }, lastStepOn: addDays(START, 5) }
  assert.deepEqual(keys(nextStep(STRATEGY, kept, addDays(START, 6))), [])
  const talk = facts({
    agesFromOn: START,
    lastStepOn: addDays(START, 1),
    outcome: { code: 'refuses', on: addDays(START, 1) },
  })
  assert.deepEqual(keys(nextStep(STRATEGY, talk, addDays(START, 3))), ['talk'])
})

test('conditions and stops hold steps back', () => {
  assert.deepEqual(
    keys(nextStep(STRATEGY, facts({ agesFromOn: START, arrears: 10 }), addDays(START, 5))),
    [],
  )
  const stopped = facts({
    agesFromOn: START,
    promise: { dueOn: addDays(START, 40), state: 'open' },
    lastStepOn: addDays(START, 11),
  })
  assert.deepEqual(keys(nextStep(STRATEGY, stopped, addDays(START, 22))), [])
})

test('a paused case takes no new rung of the ladder', () => {
  assert.deepEqual(keys(nextStep(STRATEGY, facts({ heldDpd: 7 }), START)), [])
})

test('walking only the days it names takes the same steps as walking every day', () => {
  const walk = (start: EpochDay, given: CaseFacts, everyDay: boolean): string[] => {
    const taken: string[] = []
    let current = given
    for (let day = start; day < start + 60; ) {
      const found = nextStep(STRATEGY, current, day)
      taken.push(...found.now.map((each) => `${each.key}@${day}`))
      if (found.now.length > 0) current = { ...current, lastStepOn: day }
      if (!everyDay && found.next === null) break
      day = everyDay || found.next === null ? addDays(day, 1) : found.next.on
    }
    return taken
  }
  fc.assert(
    fc.property(
      fc.integer({ min: -20, max: 40 }),
      fc.integer({ min: 0, max: 200 }),
      fc.boolean(),
      (late, arrears, isLate) => {
        const given = isLate
          ? facts({ agesFromOn: addDays(START, -Math.max(0, late)), arrears })
          : facts({ nextDueOn: addDays(START, Math.max(0, late)), arrears })
        assert.deepEqual(walk(START, given, false), walk(START, given, true))
      },
    ),
    { seed: 21, numRuns: 200 },
  )
})

test('a broken strategy says where and why', () => {
  const broken = (more: object) => () => compileStrategy({ ...STRATEGY.document, ...more })
  assert.throws(broken({ steps: [step('a', { dpd: 1 }, { when: 'arrears >' })] }), /condition of a/)
  assert.throws(
    broken({ steps: [step('a', { dpd: 1 }, { when: 'arrears + 1.0' })] }),
    /true or false/,
  )
  assert.throws(
    broken({ steps: [step('a', { dpd: 1 }), step('a', { dpd: 2 })] }),
    /a appears twice/,
  )
  assert.throws(broken({ steps: [step('a', { day: 1 })] }), /trigger/)
})
