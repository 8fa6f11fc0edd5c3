import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLocalDate, parseLocalDate, required } from '@dunlin/kernel'
import { chineseNumber } from './chinese-number.ts'
import { decideActs, STOPPABLE } from './decide-acts.ts'
import { findAmounts, findDays } from './find-mentions.ts'
import { summariseThread } from './summarise-thread.ts'

/** A Tuesday. */
const ON = required(parseLocalDate('2026-06-02'), 'day')
const amounts = (text: string) => findAmounts(text).map(({ minor }) => minor)
const days = (text: string) => findDays(text, ON).map(({ on }) => formatLocalDate(on))

test('sums of money are found in figures and in characters, and nothing else is taken for one', () => {
  const cases: [string, number[]][] = [
    ['明天先还500', [50_000]],
    ['还1,200.50元', [120_050]],
    ['¥300', [30_000]],
    ['我只有3千', [300_000]],
    ['欠1.5万', [1_500_000]],
    ['先还五百，剩下一千二下周', [50_000, 120_000]],
    ['三千五块', [350_000]],
    ['I can pay 200 now and 300 dollars later', [20_000, 30_000]],
    ['15号还', []],
    ['还款日是几号', []],
    ['我6月3日还', []],
    ['打了20个电话', []],
    ['工号0357', []],
    ['', []],
  ]
  for (const [text, expected] of cases) assert.deepEqual(amounts(text), expected, text)
})

test('numerals are read as they are spoken', () => {
  const cases: [string, number][] = [
    ['五百', 500],
    ['一千二', 1_200],
    ['三百零五', 305],
    ['两万', 20_000],
    ['一万五', 15_000],
    ['十五', 15],
    ['二十', 20],
  ]
  for (const [text, expected] of cases) assert.equal(chineseNumber(text), expected, text)
})

test('days are counted from the day on which they were said', () => {
  const cases: [string, string[]][] = [
    ['明天还', ['2026-06-03']],
    ['后天', ['2026-06-04']],
    ['大后天', ['2026-06-05']],
    ['周五还', ['2026-06-05']],
    ['下周一', ['2026-06-08']],
    ['星期天', ['2026-06-07']],
    ['15号之前', ['2026-06-15']],
    ['1号还', ['2026-07-01']],
    ['6月3日', ['2026-06-03']],
    ['1月10日', ['2027-01-10']],
    ['2月31日', []],
    ['月底结清', ['2026-06-30']],
    ['tomorrow', ['2026-06-03']],
    ['on friday', ['2026-06-05']],
    ['next Tuesday', ['2026-06-09']],
    ['by the 20th', ['2026-06-20']],
    ['早上好', []],
  ]
  for (const [text, expected] of cases) assert.deepEqual(days(text), expected, text)
})

test('a summary says once each thing the person wanted, newest first, and what was named', () => {
  const said = (messageId: string, intent: string, text: string) => ({
    ...{ messageId, class: intent, text, channel: messageId === '3' ? 'email' : 'sms' },
    ...{ at: `2026-06-02T0${messageId}:00:00Z`, on: ON },
  })
  const summary = summariseThread([
    said('1', 'cannot-pay', '没钱，失业了'),
    said('2', 'promise', '周五先还500'),
    said('3', 'promise', '剩下一千月底还'),
  ])
  assert.deepEqual(
    summary.intents.map(({ intent, times, messageId }) => [intent, times, messageId]),
    [
      ['promise', 2, '3'],
      ['cannot-pay', 1, '1'],
    ],
  )
  assert.deepEqual(
    summary.amounts.map(({ minor }) => minor),
    [100_000, 50_000],
  )
  assert.deepEqual(
    summary.days.map(({ on }) => on),
    ['2026-06-30', '2026-06-05'],
  )
  assert.deepEqual([summary.channels, summary.messages], [['email', 'sms'], 3])
})

test('a wish for silence stops the channels it names, its own when it names none, all when it means all', () => {
  const stops = (text: string, channel: string) =>
    decideActs({ intent: 'stop' }, { text, channel }).stops
  assert.deepEqual(stops('别发了', 'sms'), ['sms'])
  assert.deepEqual(stops('不要再打电话了，发短信可以', 'sms').includes('call'), true)
  assert.deepEqual(stops('别打电话', 'email'), ['call', 'robot-call'])
  assert.deepEqual(stops('stop texting me', 'email'), ['sms'])
  assert.deepEqual(stops('不要再联系我', 'sms'), STOPPABLE)
  assert.deepEqual(stops('停止一切联系', 'wecom'), STOPPABLE)
  assert.deepEqual(stops('Never contact me on WeChat', 'sms'), ['wecom'])
  assert.deepEqual(stops('不要再打了', 'call'), ['call', 'robot-call'])
  assert.deepEqual(stops('别发了', 'portal'), STOPPABLE)
})

test('distress stops collection and calls a person; after a death as bereavement does', () => {
  const acts = (text: string) => decideActs({ intent: 'distress' }, { text, channel: 'sms' })
  assert.deepEqual(acts('我不想活了'), {
    ...{ stops: [], hold: 'hardship', marksWrongPerson: false, needsPerson: 'distress' },
  })
  assert.equal(acts('我妈昨天去世了').hold, 'bereavement')
  assert.equal(acts('my husband died yesterday').hold, 'bereavement')
})
