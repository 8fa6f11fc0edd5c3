import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Pack, packJsonSchema, type Rule } from '@dunlin/policy'
import { packIds, readPack } from '../server/src/platform/packs.ts'
import { policyApiPage } from './policy-api.ts'

// Writes what follows from packs/*.yaml: the packs as one JSON file for browsers and strangers, their
// JSON Schema for editors, a page for each pack, and the page of the gate's API. `--check` changes nothing and fails on a difference.

const ROOT = join(import.meta.dirname, '..')
const isCheck = process.argv.includes('--check')
let differing = 0

const packs = packIds().flatMap((id) => readPack(id) ?? [])
write('policy/generated/packs.json', `${JSON.stringify(packs, null, 1)}\n`)
write('packs/pack.schema.json', formatted(JSON.stringify(packJsonSchema()), 'pack.schema.json'))
for (const pack of packs) write(`docs/rules/${pack.id}.md`, pageOf(pack))
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

function pageOf(pack: Pack): string {
  return `# ${pack.title.en} — ${pack.title.zh} (\`${pack.id}\`)

Written from \`packs/${pack.id}.yaml\`, version ${pack.version}. Engineering material, not legal advice: a person re-reads
the instruments before this pack gates real contacts, those known only at second hand first.

| rule | kind | severity | says | applies to | unless | source (how well known) |
| --- | --- | --- | --- | --- | --- | --- |
${pack.rules.map(rowOf).join('\n')}
`
}

function rowOf(rule: Rule): string {
  const { id, kind, title, severity, cite, applies, unless, from, to } = rule
  const dates = [
    from === undefined ? '' : ` from ${from}`,
    to === undefined ? '' : ` until ${to}`,
  ].join('')
  const cells = [
    `\`${id}\`<br>${title.zh} / ${title.en}`,
    kind,
    kind === 'duty' ? 'duty' : severity,
    `${saying(rule)}${dates}`,
    inWords(applies),
    unless.map(inWords).join('; '),
    `${cite.instrument} (${cite.basis})${cite.note === undefined ? '' : `; ${cite.note}`}`,
  ]
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
}

/** The figures of a rule, without what every rule has. */
function saying(rule: Rule): string {
  const common = ['id', 'kind', 'title', 'cite', 'severity', 'applies', 'unless', 'from', 'to']
  return inWords(Object.fromEntries(Object.entries(rule).filter(([key]) => !common.includes(key))))
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, inner]) => {
      const words = key.replaceAll(/([A-Z])/g, ' $1').toLowerCase()
      return inner === true ? words : `${words}: ${inWords(inner)}`
    })
    .join('; ')
}
