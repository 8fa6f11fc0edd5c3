import {
  formatInstant,
  formatLocalDate,
  type Instant,
  localDay,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import type { Database, Sql } from '../../platform/db/index.ts'
import type { Reactions } from '../../platform/events/index.ts'
import { solutionsOf } from '../load-solutions.ts'
import { decideForgotten, type Forgotten, forgottenBefore } from '../model/forgotten.ts'
import {
  type ForgottenRow,
  insertTellings,
  listForgottenOf,
  listOldest,
  listPlaces,
  type PlaceBounds,
  type PortfolioPlace,
} from './forgotten-store.ts'

export type ForgottenCase = ForgottenRow & Forgotten

const BATCH_ROWS = 1_000

/** What nobody looks after, the longest forgotten first: asked of the book as it is, not of what was told. */
export async function findForgotten(
  sql: Sql,
  { at, limit }: { readonly at: Instant; readonly limit: number },
): Promise<ForgottenCase[]> {
  const places = await placesOf(sql, at)
  return decideAll(await listOldest(sql, places, limit), { places, at })
}

/** Tells `case.forgotten`, once for a case, a reason and a period, however many look; how many were told. */
export async function tellForgotten(
  db: Database,
  { reactions, at }: { readonly reactions: Reactions; readonly at: Instant },
): Promise<number> {
  const places = await placesOf(db, at)
  let told = 0
  let after = '0'
  for (;;) {
    const rows = await listForgottenOf(db, places, { after, limit: BATCH_ROWS })
    const last = rows.at(-1)
    if (last === undefined) return told
    after = last.borrowerId
    const found = decideAll(rows, { places, at })
    told += await db.transaction(async (tx) => {
      const news = await insertTellings(tx, found, formatInstant(at))
      await reactions.publish(tx, news.map(toEvent), at)
      return news.length
    })
  }
}

async function placesOf(sql: Sql, at: Instant): Promise<PlaceBounds[]> {
  return (await listPlaces(sql)).map((place) => {
    const given = rulesOf(place, at)
    return {
      ...place,
      before: {
        silent: forgottenBefore('silent', given),
        'matter-late': forgottenBefore('matter-late', given),
        'approval-late': forgottenBefore('approval-late', given),
      },
    }
  })
}

function rulesOf({ zone, country }: PortfolioPlace, at: Instant) {
  const today = localDay(required(zoneNamed(zone), `zone ${zone}`), at)
  return { today, rules: solutionsOf(country) }
}

function decideAll(
  rows: readonly ForgottenRow[],
  { places, at }: { places: readonly PlaceBounds[]; at: Instant },
): ForgottenCase[] {
  const byId = new Map(places.map((place) => [place.portfolioId, rulesOf(place, at)]))
  return rows.flatMap((row) => {
    const given = required(byId.get(row.portfolioId), `portfolio ${row.portfolioId}`)
    const decided = decideForgotten(row, given)
    return decided === null ? [] : [{ ...row, ...decided }]
  })
}

function toEvent({ borrowerId, caseId, reason, subjectId, sinceOn }: ForgottenRow) {
  return {
    name: 'case.forgotten' as const,
    borrowerId,
    payload: { caseId, reason, subjectId, sinceOn: formatLocalDate(sinceOn) },
  }
}
