import {
  listImports as listImportsEndpoint,
  listPortfolios as listPortfoliosEndpoint,
  listRejects as listRejectsEndpoint,
  readImport,
} from '@dunlin/contract'
import {
  findImport,
  type ImportRow,
  listImports,
  listRejects,
  readRejectFile,
} from '../../loanbook/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { assertMay, assertOfHouse, serve, whoAsks } from '../serve.ts'
import { listPortfolios } from './portfolio-store.ts'

/** Portfolios and imports: how far, what came of them, and the rows that did not load. */
export function routeReadImports(app: App, context: ConsoleContext): void {
  const { db } = context
  serve(app, context, listPortfoliosEndpoint, async ({ asker }) => {
    assertOfHouse(asker)
    return { items: await listPortfolios(db) }
  })
  serve(app, context, listImportsEndpoint, async ({ asker, query }) => {
    assertOfHouse(asker)
    const { portfolio = null, kind = null, state = null, cursor = null, limit } = query
    const items = await listImports(db, { portfolio, kind, state, before: cursor, limit })
    return { items, nextCursor: items.length < limit ? null : (items.at(-1)?.id ?? null) }
  })
  serve(app, context, readImport, async ({ asker, idIn }) => {
    assertOfHouse(asker)
    return mustFind(context, idIn('importId'))
  })
  serve(app, context, listRejectsEndpoint, async ({ asker, idIn, query: { cursor, limit } }) => {
    assertOfHouse(asker)
    const { id: importId } = await mustFind(context, idIn('importId'))
    const items = await listRejects(db, { importId, afterLine: cursor, limit })
    return { items, nextCursor: items.length < limit ? null : String(items.at(-1)?.line ?? 0) }
  })
  routeRejectFile(app, context)
}

/** The whole reject file goes out as it is read: it may have as many rows as the import. */
function routeRejectFile(app: App, context: ConsoleContext): void {
  const path = '/console-api/imports/:importId/reject-file'
  app.get<{ Params: { importId: string } }>(
    path,
    { schema: { hide: true } },
    async (request, reply) => {
      const asker = await whoAsks(context, request)
      assertMay(asker, 'portfolio.manage')
      assertOfHouse(asker)
      const { id } = await mustFind(context, request.params.importId)
      const file = await readRejectFile(context.db, id)
      if (file === null)
        throw new Problem('resource.not_found', `import ${id} left no reject file here`, 'importId')
      reply.header('cache-control', 'no-store')
      reply.header('content-disposition', `attachment; filename="import-${id}-rejects.csv"`)
      return reply.type('text/csv; charset=utf-8').send(file)
    },
  )
}

const ID = /^\d{1,18}$/

async function mustFind({ db }: ConsoleContext, importId: string): Promise<ImportRow> {
  const found = ID.test(importId) ? await findImport(db, importId) : null
  if (found === null)
    throw new Problem('resource.not_found', `there is no import ${importId}`, 'importId')
  return found
}
