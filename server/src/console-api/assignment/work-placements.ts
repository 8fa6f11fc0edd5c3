import { listPlacementsPage, placeBatch, recallBatch } from '@dunlin/contract'
import { formatInstant, parseLocalDate, type Result, required } from '@dunlin/kernel'
import {
  listAgencies,
  listPlaceable,
  listPlacements,
  type PlacementRefusal,
  placeCases,
  recallPlacement,
} from '../../cases/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { listCurrencies } from '../reports/report-store.ts'
import { assertOfHouse, serve } from '../serve.ts'

const PLACEMENTS_SHOWN = 200

/** Batches of cases that outside agencies work: given, listed with what they recovered, taken back. */
export function routePlacements(app: App, context: ConsoleContext): void {
  const { db, reactions } = context
  serve(app, context, listPlacementsPage, async ({ asker }) => {
    assertOfHouse(asker)
    const currencies = new Map(
      (await listCurrencies(db)).map(({ name, currency }) => [name, currency]),
    )
    const items = (await listPlacements(db, PLACEMENTS_SHOWN)).map((row) => ({
      ...row,
      currency: required(currencies.get(row.portfolio), `currency of ${row.portfolio}`),
    }))
    return { items, agencies: await listAgencies(db), portfolios: await listPlaceable(db) }
  })
  serve(app, context, placeBatch, async ({ asker, body, at }) => {
    assertOfHouse(asker)
    const { stages = null, ...rest } = body
    const recallOn = required(parseLocalDate(rest.recallOn), rest.recallOn)
    return db.transaction(async (tx) => {
      const batch = { ...rest, recallOn, stages, caseIds: null, by: asker.email }
      const { placementId, cases } = mustHold(await placeCases({ tx, reactions, at }, batch))
      await insertAudit(tx, {
        ...{ at: formatInstant(at), actor: asker.email, action: 'placement.made' },
        ...{ subject: `placement ${placementId}`, detail: { agency: rest.agency, cases } },
      })
      return { id: placementId, cases }
    })
  })
  serve(app, context, recallBatch, async ({ asker, idIn, body: { reason }, at }) => {
    assertOfHouse(asker)
    const placementId = idIn('placementId')
    return db.transaction(async (tx) => {
      const recalled = mustHold(
        await recallPlacement({ tx, reactions, at }, { placementId, reason }),
      )
      await insertAudit(tx, {
        ...{ at: formatInstant(at), actor: asker.email, action: 'placement.recalled' },
        ...{ subject: `placement ${placementId}`, detail: { reason, ...recalled } },
      })
      return recalled
    })
  })
}

function mustHold<T>(result: Result<T, PlacementRefusal>): T {
  if (result.ok) return result.value
  const { code, detail, field } = result.refusal
  throw new Problem(code, detail, field)
}
