import { spawnSync } from 'node:child_process'

/** `npm run check`: format and lint, types, dead code, tiers, tidy. Prints what to run when one fails. */
type Step = { readonly name: string; readonly command: readonly string[]; readonly mend: string }

const STEPS: readonly Step[] = [
  {
    name: 'biome',
    command: ['biome', 'check', '--error-on-warnings', '.'],
    mend: 'npm run format, then read what is left',
  },
  { name: 'types', command: ['tsc', '-p', 'tsconfig.json'], mend: 'npm run typecheck' },
  {
    name: 'types of the browser',
    command: ['tsc', '-p', 'console/tsconfig.json'],
    mend: 'npm exec -- tsc -p console/tsconfig.json',
  },
  {
    name: 'types of the portal',
    command: ['tsc', '-p', 'portal/tsconfig.json'],
    mend: 'npm exec -- tsc -p portal/tsconfig.json',
  },
  {
    name: 'knip',
    command: ['knip', '--no-progress', '--exclude', 'types'],
    mend: 'delete what nothing uses, or list the dependency where it is used',
  },
  {
    name: 'tidy',
    command: [
      'node',
      '--test',
      '--test-reporter=dot',
      'test/tidy/code.test.ts',
      'test/tidy/tiers.test.ts',
    ],
    mend: 'npm exec -- node --test test/tidy/',
  },
]

let failed = 0
for (const step of STEPS) {
  const [program = '', ...args] = step.command
  const startedAt = performance.now()
  const run = spawnSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' })
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
  if (run.status === 0) {
    console.log(`✔ ${step.name} (${seconds} s)`)
    continue
  }
  failed += 1
  console.log(`✘ ${step.name} (${seconds} s)\n${run.stdout}${run.stderr}\n  to mend: ${step.mend}`)
}
process.exitCode = failed === 0 ? 0 : 1
