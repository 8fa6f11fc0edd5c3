import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { packJsonSchema } from '@dunlin/policy'
import { packIds, readPack } from '../server/src/platform/packs.ts'
import { policyApiPage } from './policy-api.ts'
import { rulePage } from './rule-page.ts'

// Writes what follows from packs/*.yaml: the packs as one JSON file for browsers and strangers, their
// JSON Schema for editors, a page for each pack with cases from the vectors, and the page of the gate's API. `--check` changes nothing and fails on a difference.

const ROOT = join(import.meta.dirname, '..')
const isCheck = process.argv.includes('--check')
let differing = 0

const packs = packIds().flatMap((id) => readPack(id) ?? [])
write('policy/generated/packs.json', `${JSON.stringify(packs, null, 1)}\n`)
write('packs/pack.schema.json', formatted(JSON.stringify(packJsonSchema()), 'pack.schema.json'))
for (const pack of packs) write(`docs/rules/${pack.id}.md`, rulePage(pack))
write('policy/API.md', policyApiPage())
if (differing > 0) {
  console.error('run `npm run generate` and commit what it writes')
  process.exitCode = 1
}

function write(path: string, text: string): void {
  const file = join(ROOT, path)
  if (!isCheck) writeFileSync(file, text)
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  differing += 1
  console.error(`${path} does not follow from packs/`)
}

/** As the formatter leaves it, so that formatting never makes it differ. */
function formatted(json: string, name: string): string {
  const run = spawnSync('npx', ['biome', 'format', `--stdin-file-path=${name}`], {
    input: json,
    cwd: ROOT,
    encoding: 'utf8',
  })
  if (run.status !== 0) throw new Error(run.stderr)
  return run.stdout
}
