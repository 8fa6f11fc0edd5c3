import { readFileSync } from 'node:fs'
import {
  decideGiven,
  type Explanation,
  explain,
  factsSchema,
  intentSchema,
  type Reason,
  type RenderOptions,
  renderExplanation,
  type Verdict,
  vectorSchema,
} from '@dunlin/policy'
import { z } from 'zod'
import { explainDecision } from '../contact/index.ts'
import type { Database } from '../platform/db/index.ts'
import { loadPolicy } from '../platform/packs.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { EXIT, type Io } from './io.ts'

type Options = {
  readonly json: boolean
  readonly io: Io
  /** A page in this language instead of lines. */
  readonly page?: 'zh' | 'en' | undefined
}

/**
 * `dunlin policy explain FILE`: decides one vector-shaped JSON file and tells every reason with its source,
 * what would change the answer, then every rule that was considered. Returns 2 for what is no vector.
 */
export function runPolicyExplain(file: string, options: Options): number {
  const given = readVector(file)
  if (typeof given === 'string') {
    options.io.error(`${file}: ${given}`)
    return EXIT.usage
  }
  const policy = loadPolicy(given.policy, { allowTest: true })
  const facts = factsSchema.safeParse(given.facts)
  const intent = intentSchema.safeParse(given.intent)
  if (policy !== null && facts.success && intent.success) {
    tell(explain(policy, facts.data, intent.data), options)
    return EXIT.ok
  }
  // What cannot be read is a missing fact: there is an answer, but nothing was considered.
  const verdict = decideGiven(policy, given.facts, given.intent)
  const lines = options.json
    ? [JSON.stringify({ ...verdict, considered: [], changes: [] })]
    : inWords(verdict, null)
  for (const line of lines) options.io.out(line)
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

/**
 * `dunlin policy explain --decision BORROWER-DECISION` (or `--attempt BORROWER-ATTEMPT`): the same for a
 * decision that was made, from the facts and packs stored with it. Returns 1 when deciding again gives
 * another answer, 2 when there is no such decision.
 */
export async function runExplainDecision(
  world: { db: Database; sealer: Sealer },
  { decision, attempt }: { decision?: string | undefined; attempt?: string | undefined },
  options: Options,
): Promise<number> {
  const [borrowerId = '', own = ''] = (decision ?? attempt ?? '').split('-')
  const isId = [borrowerId, own].every((part) => /^\d{1,18}$/.test(part))
  const place =
    decision === undefined ? { borrowerId, attemptId: own } : { borrowerId, decisionId: own }
  const found = isId ? await explainDecision(world, place) : null
  if (found === null || found === 'payload erased') {
    options.io.error(
      found === null
        ? `there is no decision ${decision ?? attempt ?? ''}: ids look like 12-345`
        : 'the facts of this decision were erased at the end of their retention',
    )
    return EXIT.usage
  }
  const { explanation, ...made } = found
  tell(explanation, options, made)
  return made.isSame ? EXIT.ok : EXIT.problems
}

type Made = NonNullable<RenderOptions['decision']> & {
  readonly attemptId: string
  readonly decidedAt: string
}

function tell(explanation: Explanation, { json, io, page }: Options, made?: Made): void {
  const { verdict, until, considered, changes } = explanation
  if (page !== undefined) {
    const decision = made === undefined ? {} : { decision: made }
    io.out(renderExplanation(explanation, { language: page, ...decision }))
    return
  }
  if (json) {
    const told = until === null ? verdict : { ...verdict, until }
    io.out(JSON.stringify({ ...told, considered, changes, ...(made && { decision: made }) }))
    return
  }
  if (made !== undefined) {
    const again = made.isSame ? 'the same answer as stored' : 'NOT the answer that was stored'
    io.out(`decision ${made.id}, attempt ${made.attemptId}, ${made.decidedAt}: ${again}`)
  }
  const lines = [
    ...inWords(verdict, until),
    ...changesInWords(changes),
    ...consideredInWords(considered),
  ]
  for (const line of lines) io.out(line)
}

function changesInWords(changes: Explanation['changes']): string[] {
  if (changes.length === 0) return []
  const told = changes.map(({ what, leadsTo, until }) => {
    const answer = leadsTo === 'unknown' ? 'ask again' : leadsTo
    return `  ${what.zh} / ${what.en}: ${answer}${until === null ? '' : ` ${until}`}`
  })
  return ['what would change the answer:', ...told]
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
