import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seededRandom } from '@dunlin/kernel'
import fc from 'fast-check'
import { type Assignee, distributeCases, type WaitingCase } from './distribute-cases.ts'

const SKILLS = ['en', 'M3', 'hardship']
const skills = fc.subarray(SKILLS)
const cases = fc
  .array(fc.record({ stratum: fc.constantFrom('S1', 'S2', 'M2'), needs: skills }), {
    maxLength: 200,
  })
  .map((all): WaitingCase[] => all.map((each, index) => ({ ...each, caseId: String(index) })))
const agents = fc
  .array(fc.record({ room: fc.nat(60), skills }), { maxLength: 12 })
  .map((all): Assignee[] =>
    all.map((each, index) => ({
      agentId: `a${index}`,
      room: each.room,
      skills: new Set(each.skills),
    })),
  )
const runs = { seed: 5, numRuns: 300 }

test('every case is dealt once or left; nobody gets more than there is room for, or what they cannot do', () => {
  fc.assert(
    fc.property(cases, agents, fc.nat(), (all, hands, seed) => {
      const { assigned, left } = distributeCases(all, hands, seededRandom(seed))
      assert.equal(assigned.size + left.length, all.length)
      for (const agent of hands) {
        const own = all.filter(({ caseId }) => assigned.get(caseId) === agent.agentId)
        assert.ok(own.length <= agent.room)
        assert.ok(own.every(({ needs }) => needs.every((need) => agent.skills.has(need))))
      }
    }),
    runs,
  )
})

test('what is left, nobody who can do it has room for', () => {
  fc.assert(
    fc.property(cases, agents, fc.nat(), (all, hands, seed) => {
      const { assigned, left } = distributeCases(all, hands, seededRandom(seed))
      const count = Map.groupBy(assigned.values(), (agentId) => agentId)
      for (const caseId of left) {
        const needs = all.find((each) => each.caseId === caseId)?.needs ?? []
        for (const agent of hands) {
          const isFull = (count.get(agent.agentId)?.length ?? 0) === agent.room
          assert.ok(isFull || needs.some((need) => !agent.skills.has(need)))
        }
      }
    }),
    runs,
  )
})

test('within a stratum agents who can do all and have room get the same number, give or take one', () => {
  fc.assert(
    fc.property(cases, fc.integer({ min: 1, max: 9 }), fc.nat(), (all, count, seed) => {
      const hands = Array.from({ length: count }, (_, index) => ({
        ...{ agentId: `a${index}`, room: 1000, skills: new Set(SKILLS) },
      }))
      const { assigned } = distributeCases(all, hands, seededRandom(seed))
      for (const alike of Map.groupBy(all, ({ stratum }) => stratum).values()) {
        const shares = hands.map(
          ({ agentId }) => alike.filter(({ caseId }) => assigned.get(caseId) === agentId).length,
        )
        assert.ok(Math.max(...shares) - Math.min(...shares) <= 1, shares.join(' '))
      }
    }),
    runs,
  )
})

test('the same seed gives the same deal; over many seeds every agent is as likely as any other', () => {
  const all = Array.from({ length: 3 }, (_, index) => ({
    ...{ caseId: String(index), stratum: 'S1', needs: [] },
  }))
  const hands = ['a', 'b', 'c', 'd'].map((agentId) => ({ agentId, room: 9, skills: new Set('') }))
  const deal = (seed: number) => distributeCases(all, hands, seededRandom(seed)).assigned
  assert.deepEqual([...deal(7)], [...deal(7)])
  const got = new Map<string, number>()
  const rounds = 4000
  for (let seed = 0; seed < rounds; seed += 1) {
    const agent = deal(seed).get('0') ?? ''
    got.set(agent, (got.get(agent) ?? 0) + 1)
  }
  for (const { agentId } of hands) {
    const share = (got.get(agentId) ?? 0) / rounds
    assert.ok(Math.abs(share - 0.25) < 0.03, `${agentId} ${share}`)
  }
})

test('nobody gets the easy cases: over many seeds, how many easy ones an agent gets is what chance alone gives', () => {
  // The value that chance passes once in a thousand times with five degrees of freedom.
  const most = 20.52
  const fair = chiSquareOfEasy((round) => round)
  assert.ok(fair < most, `chi-square ${fair}`)
  const rigged = chiSquareOfEasy(() => 1)
  assert.ok(rigged > most, `the test sees a deal that favours somebody: ${rigged}`)
})

/** How far the easy cases that six agents got over many deals are from even shares. */
function chiSquareOfEasy(seedOf: (round: number) => number): number {
  const easy = 24
  const rounds = 2000
  // The easy ones stand first, as they do in a book that is sorted by anything that matters.
  const all = Array.from({ length: 60 }, (_, index) => ({
    ...{ caseId: String(index), stratum: index % 2 === 0 ? 'S1' : 'S2', needs: [] },
  }))
  const hands = ['a', 'b', 'c', 'd', 'e', 'f'].map((agentId) => ({
    ...{ agentId, room: 99, skills: new Set<string>() },
  }))
  const got = new Map(hands.map(({ agentId }) => [agentId, 0]))
  for (let round = 0; round < rounds; round += 1) {
    const { assigned } = distributeCases(all, hands, seededRandom(seedOf(round)))
    for (let place = 0; place < easy; place += 1) {
      const agent = assigned.get(String(place)) ?? ''
      got.set(agent, (got.get(agent) ?? 0) + 1)
    }
  }
  const even = (rounds * easy) / hands.length
  return [...got.values()].reduce((sum, count) => sum + (count - even) ** 2 / even, 0)
}
