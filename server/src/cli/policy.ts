import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import {
  checkVector,
  type Difference,
  diffPolicies,
  type Pack,
  type Policy,
  type Rule,
} from '@dunlin/policy'
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
