import { createReadStream, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { formatInstant } from '@dunlin/kernel'
import {
  checkVector,
  type Difference,
  decideGiven,
  diffPolicies,
  type Explanation,
  explain,
  factsSchema,
  intentSchema,
  type Pack,
  type Policy,
  type Reason,
  type Rule,
  type Verdict,
  vectorSchema,
} from '@dunlin/policy'
import { z } from 'zod'
import { loadPolicy, packIds, readPack } from '../platform/packs.ts'
import { EXIT, type Io } from './io.ts'

type Options = { readonly json: boolean; readonly io: Io }

/**
 * `dunlin policy check FILE…`: runs vectors, one line per failure and a closing count. Vectors run
 * against their packs alone; the overlay is production's.
 * Returns 0, 1 on any failure, 2 on a file that cannot be read.
 */
export async function runPolicyCheck(files: readonly string[], options: Options): Promise<number> {
  const { json, io } = options
  const counts = { passed: 0, failed: 0 }
  for (const file of files) {
    try {
      await checkFile(file, counts, options)
    } catch (error) {
      io.error(`${file}: ${error instanceof Error ? error.message : String(error)}`)
      return EXIT.usage
    }
  }
  io.out(json ? JSON.stringify(counts) : `${counts.passed} passed, ${counts.failed} failed`)
  return counts.failed === 0 ? EXIT.ok : EXIT.problems
}

async function checkFile(
  file: string,
  counts: { passed: number; failed: number },
  { json, io }: Options,
): Promise<void> {
  const policyOf = (packs: readonly string[]) => loadPolicy(packs, { allowTest: true })
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line.trim() === '') continue
    const { id, failures } = checkVector(JSON.parse(line), policyOf)
    counts[failures.length === 0 ? 'passed' : 'failed'] += 1
    for (const failure of failures)
      io.out(json ? JSON.stringify({ id, failure }) : `${id}: ${failure}`)
  }
}

/**
 * `dunlin policy explain FILE`: decides one vector-shaped JSON file and tells every reason with its source,
 * then every rule that was considered and what it found. Returns 2 for what is no vector.
 */
export function runPolicyExplain(file: string, { json, io }: Options): number {
  const given = readVector(file)
  if (typeof given === 'string') {
    io.error(`${file}: ${given}`)
    return EXIT.usage
  }
  const policy = loadPolicy(given.policy, { allowTest: true })
  const facts = factsSchema.safeParse(given.facts)
  const intent = intentSchema.safeParse(given.intent)
  const { verdict, considered }: Pick<Explanation, 'verdict' | 'considered'> =
    policy !== null && facts.success && intent.success
      ? explain(policy, facts.data, intent.data)
      : { verdict: decideGiven(policy, given.facts, given.intent), considered: [] }
  const until = verdict.verdict === 'defer' ? formatInstant(verdict.until) : null
  const told = until === null ? verdict : { ...verdict, until }
  const lines = json
    ? [JSON.stringify({ ...told, considered })]
    : [...inWords(verdict, until), ...consideredInWords(considered)]
  for (const line of lines) io.out(line)
  return EXIT.ok
}

const questionSchema = vectorSchema.partial({ id: true, expect: true })

/** The vector of a file, or what is wrong with it. */
function readVector(file: string): z.infer<typeof questionSchema> | string {
  try {
    const parsed = questionSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    return parsed.success ? parsed.data : `no vector: ${z.prettifyError(parsed.error)}`
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

const STATES = {
  broken: 'broken',
  lifted: 'broken, but lifted by a reply, a consent or a date',
  holds: 'holds',
  'not-concerned': 'not about this contact',
} as const

/** Every rule by what it found, those that were broken first. */
function consideredInWords(considered: Explanation['considered']): string[] {
  const byState = Map.groupBy(considered, ({ state }) => state)
  return (['broken', 'lifted', 'holds', 'not-concerned'] as const).flatMap((state) => {
    const rules = byState.get(state) ?? []
    const shown = rules.map(({ rule, figures }) =>
      figures === undefined ? rule : `${rule} (${figures.used} of ${figures.of})`,
    )
    return rules.length === 0 ? [] : [`${STATES[state]}: ${shown.join(', ')}`]
  })
}

function inWords(verdict: Verdict, until: string | null): string[] {
  const head = until === null ? verdict.verdict : `defer until ${until}`
  const duties = verdict.verdict === 'permit' ? verdict.duties : []
  const reasons = verdict.verdict === 'permit' ? [] : verdict.reasons
  return [
    head,
    ...[...reasons, ...verdict.advice].flatMap(reasonInWords),
    ...duties.map((duty) => `  duty ${duty.rule}: ${duty.title.zh} / ${duty.title.en}`),
  ]
}

function reasonInWords({ rule, field, figures, title, cite, severity, clears }: Reason): string[] {
  const counted = figures === undefined ? '' : ` (${figures.used} of ${figures.of})`
  return [
    `  ${rule}${field === undefined ? '' : ` ${field}`}${counted}`,
    `    ${title.zh} / ${title.en}`,
    `    ${cite.instrument} — ${cite.basis}; ${severity}; cleared by: ${clears}`,
  ]
}

/** `dunlin policy list [PACK…]`: every rule with its severity and source. */
export function runPolicyList(ids: readonly string[], { json, io }: Options): number {
  for (const id of ids.length === 0 ? packIds() : ids) {
    const pack = readPack(id, { allowTest: true })
    if (pack === null) {
      io.error(`there is no pack ${id}`)
      return EXIT.usage
    }
    for (const line of listPack(pack, json)) io.out(line)
  }
  return EXIT.ok
}

function listPack(pack: Pack, json: boolean): string[] {
  const rows = pack.rules.map(({ id, kind, severity, title, cite }) =>
    json
      ? JSON.stringify({ pack: pack.id, rule: id, kind, severity, title, cite })
      : `  ${id} [${kind}, ${severity}] ${title.zh} / ${title.en} — ${cite.instrument} (${cite.basis})`,
  )
  return json ? rows : [`${pack.id} ${pack.version} — ${pack.title.zh} / ${pack.title.en}`, ...rows]
}

/**
 * `dunlin policy diff A B`: what each forbids that the other permits, rule by rule in words, with a
 * witness case where one is found. A and B name packs, several joined by a plus sign.
 */
export function runPolicyDiff(first: string, second: string, { json, io }: Options): number {
  const [a, b] = [policyNamed(first), policyNamed(second)]
  if (a === null || b === null) {
    io.error(
      `there is no policy ${a === null ? first : second}: name packs of \`dunlin policy list\``,
    )
    return EXIT.usage
  }
  const differences = diffPolicies(a, b)
  const lines = differences.flatMap((difference) =>
    json ? JSON.stringify(difference) : differenceInWords(difference, { first, second }),
  )
  for (const line of lines) io.out(line)
  if (!json) io.out(`${differences.length} differences`)
  return differences.length === 0 ? EXIT.ok : EXIT.problems
}

function policyNamed(names: string): Policy | null {
  return loadPolicy(names.split('+'), { allowTest: true })
}

function differenceInWords(
  { rule, side, first: before, second: after, witness }: Difference,
  names: { first: string; second: string },
): string[] {
  const shown = after ?? before
  const head = side === 'changed' ? `${rule} differs` : `${rule} is only in ${nameOf(side, names)}`
  const title = shown === null ? [] : [`    ${shown.title.zh} / ${shown.title.en}`]
  const figures =
    side === 'changed'
      ? [`    ${names.first}: ${figuresOf(before)}`, `    ${names.second}: ${figuresOf(after)}`]
      : []
  const found = witness === null ? [] : [`    for example ${JSON.stringify(witness.intent)}`]
  return [head, ...title, ...figures, ...found]
}

function nameOf(side: Difference['side'], names: { first: string; second: string }): string {
  return side === 'only-first' ? names.first : names.second
}

/** What a rule says, without its titles and sources. */
function figuresOf(rule: Rule | null): string {
  if (rule === null) return 'absent'
  const { id: _id, title: _title, cite: _cite, ...said } = rule
  return JSON.stringify(said)
}
