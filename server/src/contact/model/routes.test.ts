import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { instant } from '@dunlin/kernel'
import type { SendResult } from '../../channels/channel.ts'
import { afterResults, allowance, type BreakerState, CLOSED } from './breaker.ts'
import { type RouteView, takersOf } from './choose-route.ts'

const NOON = instant(Date.UTC(2026, 5, 1, 4))

function aRouteView(accountId: string, change: Partial<RouteView> = {}): RouteView {
  const carries = new Set(['collection', 'service'] as const)
  const cost = { costPerThousandMinor: 4500n }
  return { accountId, carries, ...cost, isStopped: false, isWell: true, ...change }
}
const NO_COLLECTION: ReadonlySet<'service'> = new Set(['service'])

describe('which accounts take collection content', () => {
  const cases: readonly (readonly [string, readonly RouteView[], string])[] = [
    ['the cheapest', [aRouteView('a'), aRouteView('b', { costPerThousandMinor: 4000n })], 'b'],
    ['equals share', [aRouteView('a'), aRouteView('b')], 'a b'],
    [
      'a known cost before none',
      [aRouteView('a', { costPerThousandMinor: null }), aRouteView('b')],
      'b',
    ],
    ['all of unknown cost', [aRouteView('a', { costPerThousandMinor: null })], 'a'],
    [
      'never one whose terms forbid it, though it is cheaper',
      [aRouteView('a'), aRouteView('b', { carries: NO_COLLECTION, costPerThousandMinor: 1n })],
      'a',
    ],
    [
      'a dearer one while the cheapest is unwell',
      [aRouteView('a', { isWell: false }), aRouteView('b', { costPerThousandMinor: 9000n })],
      'b',
    ],
    ['one that is unwell when no other is', [aRouteView('a', { isWell: false })], 'a'],
    ['not one that was stopped', [aRouteView('a', { isStopped: true }), aRouteView('b')], 'b'],
    ['nobody while all that may are stopped', [aRouteView('a', { isStopped: true })], ''],
    [
      'still nobody, though one that may not is open',
      [aRouteView('a', { isStopped: true }), aRouteView('b', { carries: NO_COLLECTION })],
      '',
    ],
    [
      'anyone when none may, so that the gate refuses it',
      [aRouteView('a', { carries: NO_COLLECTION }), aRouteView('b', { carries: NO_COLLECTION })],
      'a b',
    ],
  ]
  for (const [name, routes, takers] of cases) {
    test(name, () => assert.equal([...takersOf(routes, 'collection')].join(' '), takers))
  }
})

describe('an account rests after failures', () => {
  const result = { permitId: 'p', detail: '' }
  const lost: SendResult = { ...result, fate: 'unknown' }
  const notSent: SendResult = { ...result, fate: 'not-sent' }
  const refused: SendResult = { ...result, fate: 'rejected', code: 'x' }
  const taken: SendResult = { permitId: 'p', fate: 'accepted', providerMessageId: 'm', parts: 1 }
  const after = (results: readonly SendResult[], at = NOON, from: BreakerState = CLOSED) =>
    afterResults(from, results, at)
  const many = (each: SendResult, count: number) => Array.from({ length: count }, () => each)

  test('twenty in a row that got no answer, and not one fewer', () => {
    assert.equal(allowance(after(many(notSent, 19)), NOON), 'all')
    assert.equal(allowance(after([...many(notSent, 19), lost]), NOON), 'none')
  })
  test('a refusal is the provider’s own word: it lives', () => {
    assert.equal(allowance(after([...many(notSent, 40), refused]), NOON), 'all')
  })
  test('after ten seconds one message tries; its failure doubles the rest, its success ends it', () => {
    const resting = after(many(lost, 20))
    const later = instant(NOON + 10_000)
    assert.equal(allowance(resting, instant(NOON + 9_999)), 'none')
    assert.equal(allowance(resting, later), 'one')
    const again = afterResults(resting, [lost], later)
    assert.equal(again.restsUntil, later + 20_000)
    assert.equal(allowance(afterResults(again, [taken], instant(later + 20_000)), later), 'all')
  })
  test('no rest is longer than five minutes', () => {
    let state = CLOSED
    for (let at = NOON, turn = 0; turn < 50; turn += 1) {
      state = afterResults(state, many(lost, 20), at)
      assert.ok((state.restsUntil ?? 0) - at <= 300_000)
      at = instant(state.restsUntil ?? at)
    }
  })
})
