import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ABANDON_CAP, callsToRing, RINGING_MAX } from './pacing.ts'

const fresh = { answered: 0, abandoned: 0 }

test('rings as many calls as the reckoned table, and one for one while nothing is measured', () => {
  const table = [
    [1, 0.3, 1],
    [3, 0.3, 5],
    [5, 0.3, 10],
    [10, 0.3, 26],
    [20, 0.3, 58],
    [10, 0.5, 16],
  ] as const
  for (const [agentsFree, answerRate, calls] of table) {
    assert.equal(callsToRing({ agentsFree, answerRate, ...fresh }), calls)
    assert.equal(callsToRing({ agentsFree, answerRate: undefined, ...fresh }), agentsFree)
  }
  assert.equal(callsToRing({ agentsFree: 0, answerRate: 0.3, ...fresh }), 0)
  assert.equal(callsToRing({ agentsFree: Number.NaN, answerRate: 0.3, ...fresh }), 0)
})

test('the expected abandoned share is within the cap for any agents and rate, and agents never wait for less', () => {
  const rates = fc.double({ min: 0.01, max: 1, noNaN: true })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), rates, (agentsFree, answerRate) => {
      const calls = callsToRing({ agentsFree, answerRate, ...fresh })
      assert.ok(calls >= agentsFree && calls <= RINGING_MAX)
      assert.ok(shareByLogarithms(calls, agentsFree, answerRate) <= ABANDON_CAP + 1e-9)
    }),
  )
})

test('a window that has used four fifths of the cap gets one call for one agent', () => {
  const near = { agentsFree: 10, answerRate: 0.3, answered: 1000 }
  assert.equal(callsToRing({ ...near, abandoned: 24 }), 26)
  assert.equal(callsToRing({ ...near, abandoned: 25 }), 10)
})

/** The same share by another way: binomial terms from sums of logarithms. */
function shareByLogarithms(calls: number, agents: number, rate: number): number {
  if (rate === 1) return Math.max(0, calls - agents) / calls
  let lost = 0
  let logChoose = 0
  for (let answers = 1; answers <= calls; answers += 1) {
    logChoose += Math.log(calls - answers + 1) - Math.log(answers)
    const term = logChoose + answers * Math.log(rate) + (calls - answers) * Math.log1p(-rate)
    lost += Math.max(0, answers - agents) * Math.exp(term)
  }
  return lost / (calls * rate)
}
