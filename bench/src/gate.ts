import { required } from '@dunlin/kernel'
import {
  compilePolicy,
  decide,
  decidePrepared,
  type Pack,
  type Policy,
  prepareFacts,
} from '@dunlin/policy'
import { loadPolicy, packIds, readPack } from '../../server/src/platform/packs.ts'
import type { BenchLine } from './bench-line.ts'
import { type GateCase, gateCases } from './gate-cases.ts'
import { cedarGate } from './gate-cedar.ts'
import { peerEngine, peerFacts } from './gate-peer.ts'

const PACKS = ['cn', 'wecom', 'lender-default']
/** Past events of a borrower; the bars stand at the middle one. */
const EVENTS = [1, 30, 300] as const
const EVENTS_OF_BARS = 30
const CASES = 10_000
const PEER_CASES = 2_000
const ROUNDS = 40
/** Calls before measuring, so that a small set too is measured as it runs all day. */
const WARM_UP_CALLS = 40_000
const BARS = {
  raw: 200_000,
  prepared: 1_000_000,
  timesRules: 20,
  timesCedar: 8,
  compileMs: 100,
  earliestUs: 20,
} as const

/**
 * Decisions a second on one thread, over distinct seeded cases and without any result cache, beside
 * json-rules-engine and Cedar with the same rules and inputs; the lists of phrases only we read, so the
 * comparison favours the peers. Both only say yes or no: they find
 * no earliest moment.
 */
export async function benchGate({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const packs = packIds().map((id) => required(readPack(id), id))
  const compile = compileMs(packs)
  const policy = required(loadPolicy(PACKS), 'policy')
  const lines: BenchLine[] = []
  for (const events of EVENTS) {
    const cases = gateCases(policy, quick ? CASES / 10 : CASES, events)
    lines.push(...(await figuresFor(policy, cases, events)))
  }
  return [...lines, line('gate-compile-all', compile, 'ms', atMost(BARS.compileMs))]
}

async function figuresFor(
  policy: Policy,
  cases: readonly GateCase[],
  events: number,
): Promise<BenchLine[]> {
  const isMeasured = events === EVENTS_OF_BARS
  const raw = rawRate(policy, cases)
  const prepared = preparedRate(policy, cases)
  const names = isMeasured
    ? ['gate', 'gate-prepared']
    : [`gate-${events}`, `gate-prepared-${events}`]
  const [rawName = '', preparedName = ''] = names
  const lines = [
    line(rawName, raw, 'decisions/s', isMeasured ? atLeast(BARS.raw) : TOLD),
    line(preparedName, prepared, 'decisions/s', isMeasured ? atLeast(BARS.prepared) : TOLD),
    ...latencies(policy, cases, events),
  ]
  if (!isMeasured) return lines
  const few = cases.slice(0, PEER_CASES)
  return [
    ...lines,
    besides('gate-json-rules-engine', raw, {
      peer: 'json-rules-engine, same rules but for the lists of phrases, raw facts',
      peerValue: await rulesEngineRate(policy, few),
      times: BARS.timesRules,
    }),
    besides('gate-cedar', raw, {
      peer: 'Cedar, same rules but for the lists of phrases, preparsed, counts and texts worked out beside it',
      peerValue: cedarRate(policy, few),
      times: BARS.timesCedar,
    }),
    line('gate-earliest-p50', earliestMedian(policy, cases), 'µs', atMost(BARS.earliestUs)),
  ]
}

type Bar = {
  readonly bar: string
  readonly isMet: (value: number) => boolean
  readonly of: number | null
}
const TOLD: Bar = { bar: 'told', isMet: () => true, of: null }

function atLeast(bar: number): Bar {
  return { bar: `>= ${bar}`, isMet: (value) => value >= bar, of: bar }
}

function atMost(bar: number): Bar {
  return { bar: `<= ${bar}`, isMet: (value) => value <= bar, of: bar }
}

function line(name: string, value: number, unit: string, { bar, isMet, of }: Bar): BenchLine {
  const ratio = of === null ? null : round(value / of)
  return { name, value, unit, peer: null, peerValue: null, ratio, bar, met: isMet(value) }
}

function besides(
  name: string,
  value: number,
  { peer, peerValue, times }: { peer: string; peerValue: number; times: number },
): BenchLine {
  return {
    name,
    value,
    unit: 'decisions/s',
    peer,
    peerValue,
    ratio: round(value / peerValue),
    bar: `>= ${times} x peer`,
    met: value >= times * peerValue,
  }
}

/** Every pack from its parsed form to closures, the first time in this process: nothing is warm. */
function compileMs(packs: readonly Pack[]): number {
  const from = performance.now()
  for (const pack of packs) compilePolicy([pack])
  return round(performance.now() - from)
}

function rawRate(policy: Policy, cases: readonly GateCase[]): number {
  return best(cases.length, () => {
    for (const { facts, intent } of cases) decide(policy, facts, intent)
  })
}

function preparedRate(policy: Policy, cases: readonly GateCase[]): number {
  const ready = cases
    .filter(({ intent }) => intent.content === undefined)
    .map(({ facts, intent }) => ({ prepared: prepareFacts(facts), intent }))
  return best(ready.length, () => {
    for (const { prepared, intent } of ready) decidePrepared(policy, prepared, intent)
  })
}

/** Latency of single decisions: from raw facts with text and all, and from prepared facts without. */
function latencies(policy: Policy, cases: readonly GateCase[], events: number): BenchLine[] {
  const raw = timesUs(cases, ({ facts, intent }) => decide(policy, facts, intent))
  const ready = cases
    .filter(({ intent }) => intent.content === undefined)
    .map(({ facts, intent }) => ({ prepared: prepareFacts(facts), intent }))
  const prepared = timesUs(ready, (given) => decidePrepared(policy, given.prepared, given.intent))
  return [50, 99, 99.9].flatMap((percent) => [
    line(`gate-${events}-p${percent}`, atPercent(raw, percent), 'µs', TOLD),
    line(`gate-prepared-${events}-p${percent}`, atPercent(prepared, percent), 'µs', TOLD),
  ])
}

/** What a deferral takes from prepared facts: the decision and the search for its earliest moment. */
function earliestMedian(policy: Policy, cases: readonly GateCase[]): number {
  const deferred = cases
    .map(({ facts, intent }) => ({ prepared: prepareFacts(facts), intent }))
    .filter(({ prepared, intent }) => decidePrepared(policy, prepared, intent).verdict === 'defer')
  return atPercent(
    timesUs(deferred, ({ prepared, intent }) => decidePrepared(policy, prepared, intent)),
    50,
  )
}

/** Microseconds of each item by itself, ascending. */
function timesUs<T>(items: readonly T[], run: (item: T) => void): number[] {
  const taken = items.map((item) => {
    const from = performance.now()
    run(item)
    return (performance.now() - from) * 1000
  })
  return taken.sort((a, b) => a - b)
}

function atPercent(ascending: readonly number[], percent: number): number {
  return round(ascending[Math.floor((ascending.length * percent) / 100)] ?? 0)
}

async function rulesEngineRate(policy: Policy, cases: readonly GateCase[]): Promise<number> {
  const engine = peerEngine(packsOfBench())
  for (const given of cases) {
    const { events } = await engine.run(peerFacts(given))
    requireAgreement(
      policy,
      given,
      events.map(({ type }) => type),
    )
  }
  let rate = 0
  for (let round = 0; round < 3; round += 1) {
    const from = performance.now()
    for (const given of cases) await engine.run(peerFacts(given))
    rate = Math.max(rate, rateOf(cases.length, from))
  }
  return rate
}

function cedarRate(policy: Policy, cases: readonly GateCase[]): number {
  const ask = cedarGate(packsOfBench())
  for (const given of cases) requireAgreement(policy, given, ask(given))
  return best(cases.length, () => {
    for (const given of cases) ask(given)
  })
}

function packsOfBench(): Pack[] {
  return PACKS.map((id) => required(readPack(id), id))
}

/** A peer must say the same, or the comparison would be of two different things. */
function requireAgreement(policy: Policy, given: GateCase, forbidding: readonly string[]): void {
  const ours = decide(policy, given.facts, given.intent)
  if ((ours.verdict === 'permit') !== (forbidding.length === 0)) {
    const said = forbidding.join(', ') || 'nothing'
    throw new Error(`a peer disagrees: we ${ours.verdict}, it said ${said}`)
  }
}

/** The best of several rounds after warming up: other work on the machine only ever slows a round. */
function best(count: number, run: () => void): number {
  const warmUps = Math.max(2, Math.ceil(WARM_UP_CALLS / count))
  for (let round = 0; round < warmUps; round += 1) run()
  let rate = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const from = performance.now()
    run()
    rate = Math.max(rate, rateOf(count, from))
  }
  return rate
}

function rateOf(count: number, from: number): number {
  return Math.round((count / (performance.now() - from)) * 1000)
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
