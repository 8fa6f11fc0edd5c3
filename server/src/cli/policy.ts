import { createReadStream } from 'node:fs'
import { basename, dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { formatInstant } from '@dunlin/kernel'
import {
  checkVector,
  type Difference,
  diffPolicies,
  type Pack,
  type Policy,
  type Rule,
  ruleInWords,
  type Verdict,
  type Witness,
} from '@dunlin/policy'
import { compileLayers, loadPolicy, packIds, readPack } from '../platform/packs.ts'
import { shippedCases } from '../platform/policy-cases.ts'
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
 * witness case. A and B name packs, several joined by a plus sign; a pack may be a file of your own.
 */
export function runPolicyDiff(first: string, second: string, { json, io }: Options): number {
  const [a, b] = [policyNamed(first), policyNamed(second)]
  if (a === null || b === null) {
    io.error(
      `there is no policy ${a === null ? first : second}: name packs of \`dunlin policy list\` or files`,
    )
    return EXIT.usage
  }
  const differences = diffPolicies(a, b, shippedCases())
  const lines = differences.flatMap((difference) =>
    json ? JSON.stringify(difference) : differenceInWords(difference, { first, second }),
  )
  for (const line of lines) io.out(line)
  if (!json) io.out(`${differences.length} differences`)
  return differences.length === 0 ? EXIT.ok : EXIT.problems
}

function policyNamed(names: string): Policy | null {
  const packs = names.split('+').map((name) => readPackAt(name))
  const found = packs.filter((pack) => pack !== null)
  return found.length === packs.length ? compileLayers(found) : null
}

/** A pack of ours by its id, or a file. */
function readPackAt(name: string): Pack | null {
  if (!name.endsWith('.yaml')) return readPack(name, { allowTest: true })
  return readPack(basename(name, '.yaml'), { folder: dirname(name), allowTest: true })
}

function differenceInWords(
  { rule, side, first: before, second: after, witness }: Difference,
  names: { first: string; second: string },
): string[] {
  const head = side === 'changed' ? `${rule} differs` : `${rule} is only in ${nameOf(side, names)}`
  const title = (after ?? before)?.title
  return [
    head,
    ...(title === undefined ? [] : [`    ${title.zh} / ${title.en}`]),
    ...(before === null ? [] : sayingOf(before, names.first)),
    ...(after === null ? [] : sayingOf(after, names.second)),
    ...(witness === null
      ? ['    no case was found that shows it']
      : witnessInWords(witness, names)),
  ]
}

function sayingOf(rule: Rule, name: string): string[] {
  const { zh, en } = ruleInWords(rule)
  return [`    ${name} says: ${zh}`, `    ${name} says: ${en} [${rule.severity}]`]
}

/** Who is contacted how and when, what each answers, and the facts that make the difference. */
function witnessInWords(
  { facts, intent, first, second }: Witness,
  names: { first: string; second: string },
): string[] {
  const { at, channel, purpose = 'collect', party, ...rest } = intent
  const relation = facts.parties.find(({ id }) => id === party)?.relation ?? 'nobody'
  const known = Object.entries(facts).filter(([, value]) => JSON.stringify(value) !== '[]')
  return [
    `    for example ${channel} to the ${relation} at ${at} to ${purpose}: ${names.first} → ${answerOf(first)}; ${names.second} → ${answerOf(second)}`,
    `      intent ${JSON.stringify({ party, ...rest })}`,
    `      facts ${JSON.stringify(Object.fromEntries(known))}`,
  ]
}

function answerOf(verdict: Verdict): string {
  if (verdict.verdict !== 'defer') return verdict.verdict
  return `defer until ${formatInstant(verdict.until)}`
}

function nameOf(side: Difference['side'], names: { first: string; second: string }): string {
  return side === 'only-first' ? names.first : names.second
}
