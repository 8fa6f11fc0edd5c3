import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  localDay,
  localTimeMs,
  parseInstant,
  required,
  seededRandom,
  zoneNamed,
} from '@dunlin/kernel'
import { loadPolicy } from '../../server/src/platform/packs.ts'
import { parseRanges } from './clock-ranges.ts'
import {
  decide,
  decidePrepared,
  type Facts,
  type Intent,
  type Policy,
  prepareFacts,
  type Reason,
  type Verdict,
} from './index.ts'
import { iso, randomCase } from './random-case.ts'

// The earliest lawful moment against a search that knows nothing of rules but where their boundaries lie:
// every minute, and every second for two minutes around each boundary and around each change that it finds.

const SEED = 77_001
const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const POLICIES = [
  ['cn', 'wecom'],
  ['us', 'us-ma'],
  ['us', 'us-nyc'],
  ['uk'],
  ['in'],
  ['id'],
  ['ph'],
  ['au'],
  ['ca-on'],
  ['ec'],
  ['ru'],
].map((ids) => required(loadPolicy(ids), ids.join('+')))

/** Deferrals whose moment lies so many days ahead, compared with the slow search; how many there were. */
function compareDeferrals(given: { runs: number; from: number; to: number; most: number }): number {
  let compared = 0
  for (let run = 0; run < given.runs && compared < given.most; run += 1) {
    const made = randomCase(seededRandom(SEED + run))
    const policy = required(POLICIES[run % POLICIES.length], 'policy')
    const verdict = decide(policy, made.facts, made.intent)
    if (verdict.verdict !== 'defer') continue
    const days = (verdict.until - made.at) / DAY_MS
    if (days < given.from || days >= given.to) continue
    const slow = slowSearch(policy, made, given.to + 1)
    const name = `case ${run}, ${policy.packs.map(({ id }) => id).join('+')}`
    assert.equal(iso(verdict.until), slow === null ? 'none' : iso(slow), name)
    compared += 1
  }
  return compared
}

type Case = { readonly facts: Facts; readonly intent: Intent; readonly at: number }

function slowSearch(policy: Policy, { facts, intent, at }: Case, days: number): number | null {
  const known = facts.history.filter((event) => required(parseInstant(event.at), 'at') <= at)
  const prepared = prepareFacts({ ...facts, history: known })
  const answerAt = (t: number) => decidePrepared(policy, prepared, { ...intent, at: iso(t) })
  const boundaries = boundariesOf(policy, { facts, intent, at }, days)
  let before = rulesOf(answerAt(at))
  for (let t = at; t < at + days * DAY_MS; t += MINUTE_MS) {
    const after = rulesOf(answerAt(t + MINUTE_MS))
    const isNear = before !== after || boundaries.has(Math.floor((t - at) / MINUTE_MS))
    before = after
    if (!isNear && after !== 'permit') continue
    for (let second = t - MINUTE_MS; second <= t + 2 * MINUTE_MS; second += SECOND_MS) {
      if (second > at && answerAt(second).verdict === 'permit') return second
    }
  }
  return null
}

/** What the answer is made of, so that a change that leaves it refused is a change too. */
function rulesOf(verdict: Verdict): string {
  if (verdict.verdict === 'permit') return 'permit'
  return verdict.reasons.map(({ rule }) => rule).join(' ')
}

/** The minutes after `at` in which a wall shows an hour of a rule or of the facts, changes its offset, or a fact begins or ends. */
function boundariesOf(policy: Policy, { facts, intent, at }: Case, days: number): Set<number> {
  const minutes = new Set<number>()
  const instants = [...facts.holds, ...facts.consents].flatMap(({ from, to }) => [from, to])
  const answers = facts.history.map((event) => required(parseInstant(event.at), 'at') + 7_200_000)
  for (const text of instants) {
    const found = text === undefined ? null : parseInstant(text)
    if (found !== null) answers.push(found)
  }
  for (const found of answers) minutes.add(Math.floor((found - at) / MINUTE_MS))
  const edges = edgesOf(policy, facts)
  const party = facts.parties.find(({ id }) => id === intent.party)
  for (const name of party?.zones ?? facts.borrower.zones ?? []) {
    const zone = required(zoneNamed(name), name)
    for (let minute = 0; minute < days * 1440; minute += 1) {
      const t = at + minute * MINUTE_MS
      const wall = localTimeMs(zone, t)
      const isEdge = edges.some((edge) => edge >= wall && edge <= wall + MINUTE_MS)
      if (isEdge || zone.offsetAt(t) !== zone.offsetAt(t + MINUTE_MS)) minutes.add(minute)
      if (localDay(zone, t) !== localDay(zone, t + MINUTE_MS)) minutes.add(minute)
    }
  }
  return minutes
}

function edgesOf(policy: Policy, facts: Facts): number[] {
  const hours = policy.packs.flatMap(({ rules }) =>
    rules.flatMap((rule) => {
      if (rule.kind !== 'window') return []
      const off = rule.holidays === undefined || rule.holidays === 'closed' ? [] : rule.holidays
      return [...rule.hours.flatMap(({ ranges }) => ranges), ...off]
    }),
  )
  const given = [
    ...facts.holds.flatMap(({ scope }) => scope?.hours ?? []),
    ...facts.consents.flatMap((consent) => consent.hours ?? []),
  ]
  return parseRanges([...hours, ...given]).flatMap(({ start, end }) => [start, end])
}

test('the earliest lawful moment is the one that a slow search finds, across midnight, changes of the clock and zones', () => {
  const compared = compareDeferrals({ runs: 1_200, from: 0, to: 3, most: 120 })
  assert.ok(compared > 60, `only ${compared} moments were compared`)
})

test('it is the same one weeks later, past the end of a month and of long gaps', () => {
  const compared = compareDeferrals({ runs: 4_000, from: 3, to: 33, most: 12 })
  assert.ok(compared > 5, `only ${compared} moments were compared`)
})

test('what no waiting clears is lawful at no second around any boundary of the next day', () => {
  let compared = 0
  for (let run = 0; run < 400 && compared < 6; run += 1) {
    const made = randomCase(seededRandom(SEED + run))
    const policy = required(POLICIES[run % POLICIES.length], 'policy')
    const verdict = decide(policy, made.facts, made.intent)
    const isTimed = (reason: Reason) => reason.clears === 'time' || reason.clears === 'hold-ends'
    if (verdict.verdict !== 'refuse' || !verdict.reasons.every(isTimed)) continue
    assert.equal(slowSearch(policy, made, 1), null, `case ${run}`)
    compared += 1
  }
  assert.ok(compared === 6, `only ${compared} refusals were compared`)
})
