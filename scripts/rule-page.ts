import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  explain,
  factsSchema,
  intentSchema,
  type Pack,
  type Rule,
  ruleInWords,
  type Vector,
  vectorSchema,
} from '@dunlin/policy'
import { z } from 'zod'
import { loadPolicy } from '../server/src/platform/packs.ts'

// The page of a pack: each rule in words with its source, and a table of cases taken from the vectors. A test
// reads the tables of the pages back and runs every row, so that a page cannot say what the gate does not do.

const VECTORS = join(import.meta.dirname, '../vectors')
const ROWS_MAX = 4

type Placed = { readonly vector: Vector; readonly carried: ReadonlySet<string> }

const vectors: readonly Placed[] = readdirSync(VECTORS)
  .filter((file) => file.startsWith('policy-'))
  .flatMap((file) => readFileSync(join(VECTORS, file), 'utf8').trimEnd().split('\n'))
  .map((line) => vectorSchema.parse(JSON.parse(line)))
  .map((vector) => ({ vector, carried: new Set(vector.expect.rules) }))

/** The rules that a permitted contact was measured against and kept, or that something lifted, by vector id. */
const kept = new Map(vectors.map(({ vector }) => [vector.id, rulesKept(vector)]))

function rulesKept({ policy, facts, intent, expect }: Vector): ReadonlyMap<string, string> {
  const loaded = loadPolicy(policy)
  const read = { facts: factsSchema.safeParse(facts), intent: intentSchema.safeParse(intent) }
  if (expect.verdict !== 'permit' || loaded === null) return new Map()
  if (!read.facts.success || !read.intent.success) return new Map()
  const { considered } = explain(loaded, read.facts.data, read.intent.data)
  return new Map(
    considered
      .filter(({ state }) => state === 'holds' || state === 'lifted')
      .map(({ rule, state }) => [rule, state]),
  )
}

export function rulePage(pack: Pack): string {
  return `# ${pack.title.en} — ${pack.title.zh} (\`${pack.id}\`)

Written from \`packs/${pack.id}.yaml\` and \`vectors/policy-*.jsonl\`; figures as read on ${pack.version}. Engineering material, not legal
advice: a person re-reads the instruments before this pack gates real contacts, those known only at second hand first.

A row asks the gate about one contact. Contact and facts say what differs from a call to collect from the borrower \`p1\` on the phone
\`t1\` about the debt \`d1\`; \`null\` takes a field away. A test runs every row of this page.
${pack.rules.map((rule) => sectionOf(pack, rule)).join('')}`
}

function sectionOf(pack: Pack, rule: Rule): string {
  const { id, title, severity, kind, cite } = rule
  const says = ruleInWords(rule)
  const force = kind === 'duty' ? 'duty' : `${kind}, ${severity}`
  return `
## \`${id}\`

**${title.zh} / ${title.en}** — ${force}. ${cite.instrument} (${cite.basis})${cite.note === undefined ? '' : `; ${cite.note}`}

${says.zh}。

${says.en}.
${tableOf(pack, rule)}`
}

function tableOf(pack: Pack, rule: Rule): string {
  const rows = [...brokenRows(pack, rule), ...keptRows(pack, rule)]
  if (rows.length === 0) return ''
  return `
| case | packs | asked at | contact | facts | this rule | verdict |
| --- | --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}

function brokenRows(pack: Pack, rule: Rule): string[] {
  const word = rule.kind === 'duty' ? 'due' : rule.severity === 'advise' ? 'advised' : 'broken'
  return casesOf(pack)
    .filter(({ carried }) => carried.has(rule.id))
    .slice(0, ROWS_MAX)
    .map(({ vector }) => rowOf(vector, word))
}

/** Cases nearest to those that break the rule: lifted ones first, then those that stand beside them. */
function keptRows(pack: Pack, rule: Rule): string[] {
  const cases = casesOf(pack)
  const broken = cases.filter(({ carried }) => carried.has(rule.id)).map(({ vector }) => vector.id)
  const near = cases
    .flatMap(({ vector }) => {
      const state = kept.get(vector.id)?.get(rule.id)
      if (state === undefined) return []
      const nearness = Math.max(0, ...broken.map((id) => sharedStart(id, vector.id)))
      return { vector, state, score: nearness + (state === 'lifted' ? 100 : 0) }
    })
    .sort((a, b) => b.score - a.score)
  const lifted = near.filter(({ state }) => state === 'lifted').slice(0, ROWS_MAX / 2)
  const plain = near.filter(({ state }) => state === 'holds').slice(0, ROWS_MAX / 2)
  return [...lifted, ...plain].map(({ vector, state }) =>
    rowOf(vector, state === 'lifted' ? 'lifted' : 'kept'),
  )
}

function casesOf(pack: Pack): readonly Placed[] {
  return vectors.filter(({ vector }) => vector.policy.includes(pack.id))
}

function sharedStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length += 1
  return length
}

const record = z.record(z.string(), z.unknown())
const PLAIN: Readonly<Record<string, unknown>> = {
  parties: [{ id: 'p1', relation: 'borrower' }],
  points: [{ id: 't1', party: 'p1', kind: 'phone' }],
  debts: [{ id: 'd1' }],
  consents: [],
  holds: [],
  history: [],
}
const PLAIN_INTENT: Readonly<Record<string, unknown>> = {
  channel: 'call',
  purpose: 'collect',
  party: 'p1',
  point: 't1',
}

function rowOf(vector: Vector, state: string): string {
  const { at, ...intent } = record.parse(vector.intent)
  const facts = differing(
    { parties: [], points: [], debts: [], ...record.parse(vector.facts) },
    PLAIN,
  )
  const { verdict, until } = vector.expect
  const cells = [
    `\`${vector.id}\``,
    vector.policy.join(' + '),
    String(at),
    codeOf(differing(intent, PLAIN_INTENT)),
    codeOf(facts),
    state,
    until === undefined ? verdict : `${verdict} until ${until}`,
  ]
  return `| ${cells.join(' | ')} |`
}

/** What is not as in the plain case; null for what the plain case has and this one has not. */
function differing(given: Record<string, unknown>, plain: typeof PLAIN): object {
  const absent = Object.keys(plain).filter((key) => !(key in given) && plain === PLAIN_INTENT)
  const other = Object.entries(given).filter(
    ([key, value]) => JSON.stringify(value) !== JSON.stringify(plain[key]),
  )
  return Object.fromEntries([...other, ...absent.map((key) => [key, null])])
}

/** JSON that a table may hold. */
function codeOf(value: object): string {
  const text = JSON.stringify(value).replaceAll('|', '\\u007c').replaceAll('`', '\\u0060')
  return `\`${text}\``
}
