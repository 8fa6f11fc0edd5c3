import { listAudited, listDecided, listRules, readDecided } from '@dunlin/contract'
import { formatLocalDate, type Instant, localDay, required, zoneNamed } from '@dunlin/kernel'
import { type Pack, type Rule, ruleInWords } from '@dunlin/policy'
import { explainDecision, listDecisions, toExplanation } from '../../contact/index.ts'
import { listAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { packIds, readPack } from '../../platform/packs.ts'
import type { ConsoleContext } from '../context.ts'
import { assertOfHouse, serve } from '../serve.ts'
import { listPortfolioPacks } from './portfolio-packs-store.ts'

/** The day of the house; a case's own day is its portfolio's. */
const ZONE = 'Asia/Shanghai'

/** What a compliance officer and an auditor look at; nothing here changes anything. */
export function routeCompliance(app: App, context: ConsoleContext): void {
  const { db, sealer } = context
  serve(app, context, listRules, async () => {
    const used = await listPortfolioPacks(db)
    const packs = packIds().flatMap((id) => readPack(id) ?? [])
    return {
      packs: packs.map(({ id, title, version }) => ({
        ...{ id, title: { ...title }, version },
        portfolios: used.filter(({ packs: own }) => own.includes(id)).map(({ name }) => name),
      })),
      items: packs.flatMap((pack) => pack.rules.map((rule) => toItem(pack, rule))),
    }
  })
  serve(app, context, listDecided, async ({ asker, query, at }) => {
    assertOfHouse(asker)
    const { verdict = null, rule = null, borrower, cursor, limit } = query
    const today = todayAt(at)
    const { from = query.to ?? today, to = today } = query
    const days = { fromOn: from, toOn: to }
    const borrowerNo = borrower === undefined || borrower === '' ? null : borrower
    const filter = { verdict, rule, borrowerNo, ...days }
    const rows = await listDecisions(db, filter, { before: placeOf(cursor), limit })
    const last = rows.length < limit ? undefined : rows.at(-1)
    return {
      items: rows.map(({ batch: _batch, leaf: _leaf, rules, ...row }) => ({
        ...row,
        rules: [...rules],
      })),
      nextCursor: last === undefined ? null : `${last.batch}-${last.leaf}`,
    }
  })
  serve(app, context, readDecided, async ({ asker, textIn }) => {
    assertOfHouse(asker)
    const [, borrowerId = '', decisionId = ''] =
      /^(\d{1,18})-(\d{1,18})$/.exec(textIn('decisionId')) ?? []
    if (decisionId === '') throw new Problem('resource.not_found', 'there is no such decision')
    const found = await explainDecision({ db, sealer }, { borrowerId, decisionId })
    if (found === null) throw new Problem('resource.not_found', 'there is no such decision')
    if (found === 'payload erased')
      throw new Problem(
        'evidence.erased',
        'the facts of this decision were erased at the end of their retention; its leaf still verifies',
      )
    const { explanation, ...decision } = found
    return { ...toExplanation(explanation), decision }
  })
  serve(app, context, listAudited, async ({ asker, query }) => {
    assertOfHouse(asker)
    const { actor = null, action, subject = null, from = null, to = null } = query
    const { cursor = null, limit } = query
    const actions = action === undefined ? null : [action]
    const filter = { actor, actions, subject, from, to }
    const items = await listAudit(db, filter, { before: cursor, limit })
    return {
      items: items.map((item) => ({ ...item })),
      nextCursor: items.length < limit ? null : (items.at(-1)?.id ?? null),
    }
  })
}

function toItem({ id: pack }: Pack, rule: Rule) {
  const { id, kind, severity, title, cite, from = null, to = null } = rule
  return {
    ...{ id, pack, kind, severity, from, to },
    title: { ...title },
    says: { ...ruleInWords(rule) },
    source: { instrument: cite.instrument, basis: cite.basis, note: cite.note ?? null },
  }
}

function todayAt(at: Instant): string {
  return formatLocalDate(localDay(required(zoneNamed(ZONE), ZONE), at))
}

function placeOf(cursor: string | undefined): { batch: string; leaf: number } | null {
  const [batch, leaf] = cursor?.split('-') ?? []
  return batch === undefined || leaf === undefined ? null : { batch, leaf: Number(leaf) }
}
