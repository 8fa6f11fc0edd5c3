import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { diffPoliciesRequest, listPolicies } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import { type Difference, type Rule, ruleInWords, type Verdict } from '@dunlin/policy'
import { listPolicyVersions, readPolicyVersions } from '../../contact/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { packIds, readPack } from '../../platform/packs.ts'
import type { ConsoleContext } from '../context.ts'
import { assertOfHouse, serve } from '../serve.ts'
import { listPortfolioPacks } from './portfolio-packs-store.ts'

/** Sets of rules that decided here or ship, and what differs between two of them. */
export function routePolicies(app: App, context: ConsoleContext): void {
  const { db } = context
  serve(app, context, listPolicies, async ({ asker }) => {
    assertOfHouse(asker)
    const [versions, portfolios] = await Promise.all([
      listPolicyVersions(db),
      listPortfolioPacks(db),
    ])
    const decided = versions.map(({ hash, packs, firstUsedAt }) => ({
      ...{ name: hash, packs: [...packs], firstUsedAt, portfolios: [] },
    }))
    const shipped = [...new Set([...portfolios.map(({ packs }) => packs.join('+')), ...packIds()])]
    return { items: [...decided, ...shipped.map((name) => toShipped(name, portfolios))] }
  })
  serve(app, context, diffPoliciesRequest, async ({ asker, query }) => {
    assertOfHouse(asker)
    const first = await packsNamed(db, query.first, 'first')
    const second = await packsNamed(db, query.second, 'second')
    const worker = new Worker(new URL('./diff-worker.ts', import.meta.url), {
      workerData: { first, second },
    })
    const [differences]: Difference[][] = await once(worker, 'message')
    return { items: (differences ?? []).map(toItem) }
  })
}

type Portfolios = Awaited<ReturnType<typeof listPortfolioPacks>>

function toShipped(name: string, portfolios: Portfolios) {
  const packs = name.split('+').flatMap((id) => readPack(id) ?? [])
  const under = portfolios.filter((each) => each.packs.join('+') === name)
  return {
    ...{ name, firstUsedAt: null, portfolios: under.map((each) => each.name) },
    packs: packs.map(({ id, version }) => ({ id, version })),
  }
}

/** The packs of a stored version or of names of ours; a problem that names the side when there are none. */
async function packsNamed(db: Database, name: string, field: string): Promise<unknown> {
  if (/^[0-9a-f]{64}$/.test(name)) {
    const [stored] = await readPolicyVersions(db, [name])
    if (stored !== undefined) return stored.packs
  }
  const packs = name.split('+').map((id) => readPack(id))
  if (packs.every((pack) => pack !== null)) return packs
  throw new Problem('resource.not_found', `there are no rules ${name}`, field)
}

function toItem({ rule, side, first, second, witness }: Difference) {
  const title = (second ?? first)?.title ?? { zh: rule, en: rule }
  const sides = { first: toSide(first), second: toSide(second) }
  if (witness === null) return { ...{ rule, side, ...sides, witness }, title: { ...title } }
  const { facts, intent } = witness
  const { at, channel, purpose = 'collect', party } = intent
  const relation = facts.parties.find(({ id }) => id === party)?.relation ?? null
  const answers = { first: toAnswer(witness.first), second: toAnswer(witness.second) }
  return {
    ...{ rule, side, ...sides, title: { ...title } },
    witness: { at, channel, purpose, relation, ...answers, intent, facts },
  }
}

function toSide(rule: Rule | null) {
  return rule === null ? null : { says: { ...ruleInWords(rule) }, severity: rule.severity }
}

function toAnswer(verdict: Verdict) {
  const until = verdict.verdict === 'defer' ? formatInstant(verdict.until) : null
  return { verdict: verdict.verdict, until }
}
