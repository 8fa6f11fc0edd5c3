import { parseArgs } from 'node:util'
import type { BenchLine } from './bench-line.ts'

// `dunlin bench [NAME…] [--quick]`: one JSON line each; every figure stands beside a floor or a peer of the same run.

type Bench = (options: { quick: boolean }) => Promise<BenchLine[]>

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  gate: async () => (await import('./gate.ts')).benchGate,
  intent: async () => (await import('./intent.ts')).benchIntent,
  lint: async () => (await import('./lint.ts')).benchLint,
  replay: async () => (await import('./replay.ts')).benchReplay,
  import: async () => (await import('./import.ts')).benchImport,
  cycle: async () => (await import('./cycle.ts')).benchCycle,
  dispatch: async () => (await import('./dispatch.ts')).benchDispatch,
  channels: async () => (await import('./channels.ts')).benchChannels,
  callbacks: async () => (await import('./callbacks.ts')).benchCallbacks,
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
})
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES)
const unknown = names.find((name) => BENCHES[name] === undefined)
if (unknown !== undefined) {
  console.error(`there is no bench ${unknown}: one of ${Object.keys(BENCHES).join(', ')}`)
  process.exit(2)
}
for (const name of names) {
  const bench = await BENCHES[name]?.()
  for (const line of (await bench?.({ quick: values.quick })) ?? [])
    console.log(JSON.stringify(line))
}
