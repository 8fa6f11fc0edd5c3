import { randomInt as drawInt } from 'node:crypto'
import { listPastDeals, makeDeal, previewDealOf, undoPastDeal } from '@dunlin/contract'
import { formatInstant, type Result } from '@dunlin/kernel'
import { z } from 'zod'
import {
  assignCases,
  type DealRefusal,
  listDeals,
  type MoveRefusal,
  previewDeal,
  undoDeal,
} from '../../cases/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { listCurrencies } from '../reports/report-store.ts'
import { assertOfHouse, serve } from '../serve.ts'

const SEEDS = 2 ** 32
const kept = z.record(z.string(), z.unknown())

/** Deals: tried, made as they were shown, listed, and undone. */
export function routeDeals(app: App, context: ConsoleContext): void {
  const { db, reactions } = context
  serve(app, context, previewDealOf, async ({ asker, body, at }) => {
    assertOfHouse(asker)
    const seed = body.seed ?? drawInt(SEEDS)
    const [preview, currencies] = await Promise.all([
      previewDeal(db, { rule: { ...body, seed }, at }),
      listCurrencies(db),
    ])
    const currency = currencies.find(({ name }) => name === body.portfolio)?.currency ?? null
    const strata = preview.strata.map((each) => ({ ...each, shares: [...each.shares] }))
    return { ...preview, seed, currency, strata, agents: [...preview.agents] }
  })
  serve(app, context, makeDeal, async ({ asker, body: { digest, ...rule }, at }) => {
    assertOfHouse(asker)
    return db.transaction(async (tx) => {
      const given = { ...rule, by: asker.email, expects: digest }
      const dealt = mustHold(await assignCases({ tx, reactions, at }, given))
      const { dealId, assigned, left } = dealt
      const cases = assigned.reduce((sum, each) => sum + each.cases, 0)
      const { seed, portfolio } = rule
      await insertAudit(tx, {
        ...{ at: formatInstant(at), actor: asker.email, action: 'assignment.dealt' },
        ...{ subject: `deal ${dealId}`, detail: { portfolio, seed, digest, cases, left } },
      })
      return { id: dealId, cases, left }
    })
  })
  serve(app, context, listPastDeals, async ({ asker, query: { cursor = null, limit } }) => {
    assertOfHouse(asker)
    const rows = await listDeals(db, { before: cursor, limit })
    const items = rows.map((row) => ({ ...row, rule: kept.parse(row.rule) }))
    return { items, nextCursor: rows.length < limit ? null : (rows.at(-1)?.id ?? null) }
  })
  serve(app, context, undoPastDeal, async ({ asker, idIn, body: { reason }, at }) => {
    assertOfHouse(asker)
    const dealId = idIn('dealId')
    return db.transaction(async (tx) => {
      const given = { dealId, reason, by: asker.email }
      const { cases } = mustHold(await undoDeal({ tx, reactions, at }, given))
      await insertAudit(tx, {
        ...{ at: formatInstant(at), actor: asker.email, action: 'assignment.undone' },
        ...{ subject: `deal ${dealId}`, detail: { cases } },
      })
      return { cases }
    })
  })
}

/** What an operation made, or the problem that its refusal is to a person. */
export function mustHold<T>(result: Result<T, DealRefusal | MoveRefusal>): T {
  if (result.ok) return result.value
  const { code, detail, field } = result.refusal
  const isMissing = code === 'assignment.no_case' || code === 'assignment.no_portfolio'
  throw new Problem(isMissing ? 'resource.not_found' : code, detail, field)
}
