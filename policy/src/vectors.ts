import { formatInstant, parseInstant } from '@dunlin/kernel'
import type { Policy } from './compile.ts'
import { decide } from './decide.ts'
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
  const failures: string[] = []
  if (verdict.verdict !== expect.verdict) {
    failures.push(
      `expected ${expect.verdict}, got ${verdict.verdict} (${ruleIds(verdict).join(', ')})`,
    )
  }
  const carried = new Set(ruleIds(verdict))
  const absent = expect.rules.filter((rule) => !carried.has(rule))
  if (absent.length > 0)
    failures.push(`expected ${absent.join(', ')} among ${[...carried].join(', ') || 'none'}`)
  if (expect.until !== undefined) {
    const until = verdict.verdict === 'defer' ? verdict.until : null
    const wanted = parseInstant(expect.until)
    if (
      until === null ||
      wanted === null ||
      Math.floor(until / 1000) !== Math.floor(wanted / 1000)
    ) {
      failures.push(
        `expected until ${expect.until}, got ${until === null ? 'none' : formatInstant(until)}`,
      )
    }
  }
  return { id, failures }
}

/** Decides on facts and intent as they came; what cannot be read is a missing fact. */
export function decideGiven(policy: Policy | null, facts: unknown, intent: unknown): Verdict {
  const readFacts = factsSchema.safeParse(facts)
  const readIntent = intentSchema.safeParse(intent)
  const fields = [
    ...(policy === null ? ['policy'] : []),
    ...(readFacts.error?.issues ?? []).map((issue) => `facts.${issue.path.join('.')}`),
    ...(readIntent.error?.issues ?? []).map((issue) => `intent.${issue.path.join('.')}`),
  ]
  if (policy === null || !readFacts.success || !readIntent.success) {
    return {
      verdict: 'refuse',
      advice: [],
      reasons: fields.map((field) => ({
        rule: 'facts.missing',
        severity: 'forbid',
        title: {
          zh: '缺少必要事实，按不允许处理',
          en: 'A fact that a rule needs is missing: unknown means no',
        },
        cite: { instrument: 'Dunlin policy design: fail closed', basis: 'lender' },
        clears: 'fact',
        field,
      })),
    }
  }
  return decide(policy, readFacts.data, readIntent.data)
}
