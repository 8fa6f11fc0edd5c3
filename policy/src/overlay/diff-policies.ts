import { seededRandom } from '@dunlin/kernel'
import type { Policy } from '../compile.ts'
import { decide } from '../decide.ts'
import type { Facts, Intent } from '../facts.ts'
import type { Rule } from '../pack.ts'
import { randomCase } from '../random-case.ts'
import type { Reason, Verdict } from '../verdict.ts'

export type Witness = { readonly facts: Facts; readonly intent: Intent }

/** One thing in which two policies differ: a rule, and a case that shows it when one was found. */
export type Difference = {
  readonly rule: string
  /** Where the rule is: only in one, or in both with other figures. */
  readonly side: 'only-first' | 'only-second' | 'changed'
  readonly first: Rule | null
  readonly second: Rule | null
  /** A case that this rule blocks in one policy and that the other permits. */
  readonly witness: Witness | null
}

const SEED = 20_261_124
const TRIES = 4_000

/** What each policy has that the other has not, rule by rule, with a witness case where one is found. */
export function diffPolicies(first: Policy, second: Policy): Difference[] {
  const [a, b] = [rulesOf(first), rulesOf(second)]
  const ids = [...new Set([...a.keys(), ...b.keys()])].sort()
  const differences = ids.flatMap((rule) => compare(rule, a.get(rule), b.get(rule)))
  return findWitnesses(differences, first, second)
}

function rulesOf({ packs }: Policy): Map<string, Rule> {
  return new Map(packs.flatMap((pack) => pack.rules.map((rule) => [rule.id, rule])))
}

function compare(rule: string, first: Rule | undefined, second: Rule | undefined): Difference[] {
  if (JSON.stringify(first) === JSON.stringify(second)) return []
  const side = second === undefined ? 'only-first' : first === undefined ? 'only-second' : 'changed'
  return [{ rule, side, first: first ?? null, second: second ?? null, witness: null }]
}

function findWitnesses(
  differences: readonly Difference[],
  first: Policy,
  second: Policy,
): Difference[] {
  const random = seededRandom(SEED)
  const found = new Map<string, Witness>()
  for (let turn = 0; turn < TRIES && found.size < differences.length; turn += 1) {
    const { facts, intent } = randomCase(random)
    const [one, other] = [decide(first, facts, intent), decide(second, facts, intent)]
    if (one.verdict !== 'permit' && other.verdict !== 'permit') continue
    for (const { rule } of [...blocking(one), ...blocking(other)]) {
      if (!found.has(rule)) found.set(rule, { facts, intent })
    }
  }
  return differences.map((difference) => ({
    ...difference,
    witness: found.get(difference.rule) ?? null,
  }))
}

function blocking(verdict: Verdict): readonly Reason[] {
  return verdict.verdict === 'permit' ? [] : verdict.reasons
}
