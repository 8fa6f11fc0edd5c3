import { formatInstant, parseInstant } from '@dunlin/kernel'
import type { z } from 'zod'
import type { Policy } from './compile.ts'
import { decide, refuseMissing } from './decide.ts'
import { factsSchema, intentSchema, vectorSchema } from './facts.ts'
import { ruleIds, type Verdict } from './verdict.ts'

export type VectorResult = { readonly id: string; readonly failures: readonly string[] }

/**
 * Runs one vector of executable law. `policyOf` gives the compiled policy of its pack ids, or null
 * when one does not exist (a missing core fact: the gate refuses).
 */
export function checkVector(
  given: unknown,
  policyOf: (packs: readonly string[]) => Policy | null,
): VectorResult {
  const parsed = vectorSchema.safeParse(given)
  if (!parsed.success) return { id: '?', failures: [`not a vector: ${parsed.error.message}`] }
  const { id, policy, facts, intent, expect } = parsed.data
  const verdict = decideGiven(policyOf(policy), facts, intent)
  const carried = ruleIds(verdict)
  const failures: string[] = []
  if (verdict.verdict !== expect.verdict) {
    failures.push(`expected ${expect.verdict}, got ${verdict.verdict} (${carried.join(', ')})`)
  }
  const absent = expect.rules.filter((rule) => !carried.includes(rule))
  if (absent.length > 0) {
    failures.push(`expected ${absent.join(', ')} among ${carried.join(', ') || 'none'}`)
  }
  return { id, failures: [...failures, ...compareUntil(expect.until, verdict)] }
}

/** Compared to the second. */
function compareUntil(expected: string | undefined, verdict: Verdict): string[] {
  if (expected === undefined) return []
  const wanted = parseInstant(expected)
  const until = verdict.verdict === 'defer' ? verdict.until : null
  if (until === null) return [`expected until ${expected}, got none`]
  const isSame = wanted !== null && Math.floor(until / 1000) === Math.floor(wanted / 1000)
  return isSame ? [] : [`expected until ${expected}, got ${formatInstant(until)}`]
}

/** Decides on facts and intent as they came; what cannot be read is a missing fact. */
export function decideGiven(policy: Policy | null, facts: unknown, intent: unknown): Verdict {
  const readFacts = factsSchema.safeParse(facts)
  const readIntent = intentSchema.safeParse(intent)
  if (policy === null) return refuseMissing(['policy'])
  if (readFacts.success && readIntent.success)
    return decide(policy, readFacts.data, readIntent.data)
  return refuseMissing([
    ...pathsOf('facts', readFacts.error),
    ...pathsOf('intent', readIntent.error),
  ])
}

function pathsOf(name: string, error: z.ZodError | undefined): string[] {
  return (error?.issues ?? []).map((issue) => [name, ...issue.path].join('.'))
}
