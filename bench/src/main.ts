import { parseArgs } from 'node:util'
import { type BenchLine, printed } from './bench-line.ts'
import { tell } from './progress.ts'

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
  console: async () => (await import('./console.ts')).benchConsole,
  callbacks: async () => (await import('./callbacks.ts')).benchCallbacks,
}

/** Lines that may be asked for by name, and the bench that measures each: its first run is part of the measure. */
const PARTS: Readonly<Record<string, string>> = {
  'import-again': 'import',
  'import-memory': 'import',
  'cycle-small': 'cycle',
  'cycle-memory': 'cycle',
  'dispatch-vs-jobs': 'dispatch',
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false } },
})
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES)
const known = [...Object.keys(BENCHES), ...Object.keys(PARTS)]
const unknown = names.find((name) => !known.includes(name))
if (unknown !== undefined) {
  console.error(`there is no bench ${unknown}: one of ${known.join(', ')}`)
  process.exit(2)
}
for (const bench of new Set(names.map((name) => PARTS[name] ?? name))) {
  tell(bench)
  const run = await BENCHES[bench]?.()
  for (const line of (await run?.({ quick: values.quick })) ?? []) {
    const isAsked = names.includes(bench) || names.includes(line.name)
    if (isAsked) console.log(JSON.stringify(printed(line)))
  }
}
