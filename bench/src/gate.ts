import { required } from '@dunlin/kernel'
import { decide, decidePrepared, type Policy, prepareFacts } from '@dunlin/policy'
import { loadPolicy, readPack } from '../../server/src/platform/packs.ts'
import type { BenchLine } from './bench-line.ts'
import { type GateCase, gateCases } from './gate-cases.ts'
import { peerEngine, peerFacts } from './gate-peer.ts'

const PACKS = ['cn', 'lender-default']
const EVENTS = 30
const CASES = 10_000
const ROUNDS = 7
const BARS = { raw: 100_000, prepared: 500_000, timesPeer: 10 } as const

/**
 * Decisions a second on one thread, over distinct seeded cases and without any result cache, beside
 * json-rules-engine with the same rules. The peer only says yes or no: it finds no earliest moment.
 */
export async function benchGate({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const policy = required(loadPolicy(PACKS), 'policy')
  const cases = gateCases(policy, quick ? CASES / 10 : CASES, EVENTS)
  const raw = best(cases.length, () => {
    for (const { facts, intent } of cases) decide(policy, facts, intent)
  })
  const peer = await peerRate(cases.slice(0, Math.min(cases.length, 2_000)), policy)
  return [
    line('gate', { value: raw, bar: BARS.raw }),
    line('gate-prepared', { value: preparedRate(policy, cases), bar: BARS.prepared }),
    {
      name: 'gate-peer',
      value: raw,
      unit: 'decisions/s',
      peer: 'json-rules-engine, same rules, raw facts',
      peerValue: peer,
      ratio: round(raw / peer),
      bar: `>= ${BARS.timesPeer} x peer`,
      met: raw >= BARS.timesPeer * peer,
    },
    ...latencies(policy, cases),
  ]
}

function line(name: string, { value, bar }: { value: number; bar: number }): BenchLine {
  const absolute = { peer: null, peerValue: null, ratio: round(value / bar) }
  return { name, value, unit: 'decisions/s', ...absolute, bar: `>= ${bar}`, met: value >= bar }
}

function preparedRate(policy: Policy, cases: readonly GateCase[]): number {
  const ready = cases
    .filter(({ intent }) => intent.content === undefined)
    .map(({ facts, intent }) => ({ prepared: prepareFacts(facts), intent }))
  return best(ready.length, () => {
    for (const { prepared, intent } of ready) decidePrepared(policy, prepared, intent)
  })
}

/** Latency of single decisions from raw facts; figures without a bar are met by being told. */
function latencies(policy: Policy, cases: readonly GateCase[]): BenchLine[] {
  const taken = cases.map(({ facts, intent }) => {
    const from = performance.now()
    decide(policy, facts, intent)
    return performance.now() - from
  })
  taken.sort((a, b) => a - b)
  return [50, 99].map((percent) => ({
    name: `gate-p${percent}`,
    value: round((taken[Math.floor((taken.length * percent) / 100)] ?? 0) * 1000),
    unit: 'µs',
    peer: null,
    peerValue: null,
    ratio: null,
    bar: 'told',
    met: true,
  }))
}

async function peerRate(cases: readonly GateCase[], policy: Policy): Promise<number> {
  const packs = PACKS.map((id) => required(readPack(id), id))
  const engine = peerEngine(packs)
  for (const given of cases) await requireAgreement(engine, given, policy)
  let rate = 0
  for (let round = 0; round < 3; round += 1) {
    const from = performance.now()
    for (const given of cases) await engine.run(peerFacts(given))
    rate = Math.max(rate, rateOf(cases.length, from))
  }
  return rate
}

/** The peer must say the same, or the comparison would be of two different things. */
async function requireAgreement(
  engine: ReturnType<typeof peerEngine>,
  given: GateCase,
  policy: Policy,
): Promise<void> {
  const { events } = await engine.run(peerFacts(given))
  const ours = decide(policy, given.facts, given.intent)
  if ((ours.verdict === 'permit') !== (events.length === 0)) {
    const said = events.map(({ type }) => type).join(', ')
    throw new Error(`the peer disagrees: we ${ours.verdict}, it said ${said || 'nothing'}`)
  }
}

/** The best of several rounds after warming up: other work on the machine only ever slows a round. */
function best(count: number, run: () => void): number {
  run()
  run()
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
