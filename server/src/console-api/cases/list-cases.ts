import { listCases, listFacets } from '@dunlin/contract'
import type { App } from '../../platform/http/index.ts'
import { type ConsoleContext, reachOf } from '../context.ts'
import { serve } from '../serve.ts'
import { decodePlace, encodePlace } from './case-cursor.ts'
import { toItem } from './case-item.ts'
import { findBySearch, readFacets, readPage } from './case-list-store.ts'

/** The list of cases, page by page, and the values that it can be filtered by. */
export function routeListCases(app: App, context: ConsoleContext): void {
  const { db, sealer } = context
  serve(app, context, listCases, async ({ asker, query, at }) => {
    const reach = reachOf(asker)
    const found =
      query.search === undefined || query.search === ''
        ? await readPage(db, { ...query, reach, place: decodePlace(query.cursor) })
        : await findBySearch(db, { sealer, reach, search: query.search })
    const last = found.at(-1)
    const isWhole = query.search !== undefined || found.length < query.limit || last === undefined
    return {
      items: found.map((row) => toItem(row, { sealer, at, asker })),
      nextCursor: isWhole ? null : encodePlace(last.sort_value, last.case_id),
    }
  })
  serve(app, context, listFacets, () => readFacets(db))
}
