import { seededRandom } from '@dunlin/kernel'
import type { Policy } from '../compile.ts'
import { decide } from '../decide.ts'
import type { Facts, Intent } from '../facts.ts'
import type { Rule } from '../pack.ts'
import { randomCase } from '../random-case.ts'
import { ruleIds, type Verdict } from '../verdict.ts'

export type Case = { readonly facts: Facts; readonly intent: Intent }
/** A case that the two policies answer differently, and how. */
export type Witness = Case & { readonly first: Verdict; readonly second: Verdict }

/** One thing in which two policies differ: a rule, and a case that shows it when one was found. */
export type Difference = {
  readonly rule: string
  /** Where the rule is: only in one, or in both with other figures. */
  readonly side: 'only-first' | 'only-second' | 'changed'
  readonly first: Rule | null
  readonly second: Rule | null
  readonly witness: Witness | null
}

const SEED = 20_261_124
const TRIES = 4_000

/**
 * What each policy has that the other has not, rule by rule, with a witness case: among the given cases
 * first, which know what the rules are about, then among random ones.
 */
export function diffPolicies(
  first: Policy,
  second: Policy,
  given: Iterable<Case> = [],
): Difference[] {
  const [a, b] = [rulesOf(first), rulesOf(second)]
  const ids = [...new Set([...a.keys(), ...b.keys()])].sort()
  const differences = ids.flatMap((rule) => compare(rule, a.get(rule), b.get(rule)))
  if (differences.length === 0) return []
  const witnesses = findWitnesses(new Set(differences.map(({ rule }) => rule)), {
    first,
    second,
    cases: casesOf(given),
  })
  return differences.map((each) => ({ ...each, witness: witnesses.get(each.rule) ?? null }))
}

function rulesOf({ rules }: Policy): Map<string, Rule> {
  return new Map(rules.map((rule) => [rule.id, rule]))
}

function compare(rule: string, first: Rule | undefined, second: Rule | undefined): Difference[] {
  if (JSON.stringify(first) === JSON.stringify(second)) return []
  const side = second === undefined ? 'only-first' : first === undefined ? 'only-second' : 'changed'
  return [{ rule, side, first: first ?? null, second: second ?? null, witness: null }]
}

function* casesOf(given: Iterable<Case>): Iterable<Case> {
  yield* given
  const random = seededRandom(SEED)
  for (let turn = 0; turn < TRIES; turn += 1) yield randomCase(random)
}

/** For each rule a case in which it speaks in one policy only; best one that the other policy permits. */
function findWitnesses(
  rules: ReadonlySet<string>,
  { first, second, cases }: { first: Policy; second: Policy; cases: Iterable<Case> },
): ReadonlyMap<string, Witness> {
  const found = new Map<string, Witness>()
  const sharp = new Set<string>()
  for (const { facts, intent } of cases) {
    if (sharp.size === rules.size) break
    const [one, other] = [decide(first, facts, intent), decide(second, facts, intent)]
    const isSharp = (one.verdict === 'permit') !== (other.verdict === 'permit')
    const isBetter = (rule: string) => !sharp.has(rule) && (isSharp || !found.has(rule))
    for (const rule of spokenApart(one, other).intersection(rules)) {
      if (!isBetter(rule)) continue
      found.set(rule, { facts, intent, first: one, second: other })
      if (isSharp) sharp.add(rule)
    }
  }
  return found
}

/** Rules that one of two answers carries and the other does not. */
function spokenApart(one: Verdict, other: Verdict): ReadonlySet<string> {
  return new Set(ruleIds(one)).symmetricDifference(new Set(ruleIds(other)))
}
