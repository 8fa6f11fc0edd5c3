import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importRequest } from '@dunlin/contract'
import { parseLocalDate } from '@dunlin/kernel'
import { z } from 'zod'
import { ImportError, importFile } from '../../loanbook/index.ts'
import { type App, onceByKey, Problem } from '../../platform/http/index.ts'
import { type ApiContext, authorise, idempotencyKey } from '../context.ts'
import { findImport, listRejects } from '../open-api-store.ts'

type Request = z.infer<typeof importRequest>
const params = z.object({ id: z.string().regex(/^\d{1,18}$/, 'expected an import id') })

/** `POST /api/v1/imports` and `GET /api/v1/imports/{id}`. */
export function routeImports(app: App, context: ApiContext): void {
  const { db, clock } = context
  const run = { tags: ['imports'], summary: 'Load a file', body: importRequest }
  app.post('/api/v1/imports', { schema: run }, async (request, reply) => {
    const caller = await authorise(context, request, 'write')
    const given = { key: idempotencyKey(request), caller, request: request.body, at: clock.now() }
    const answer = await onceByKey(db, given, async () => ({
      status: 201,
      body: await load(context, request.body),
    }))
    return reply.status(answer.status).send(answer.body)
  })
  const one = { tags: ['imports'], summary: 'One import with its first rejects', params }
  app.get('/api/v1/imports/:id', { schema: one }, async (request) => {
    await authorise(context, request, 'read')
    const { id } = request.params
    const found = await findImport(db, id)
    if (found === null) throw new Problem('resource.not_found', `there is no import ${id}`, 'id')
    return { ...found, rejects: await listRejects(db, id) }
  })
}

/** The text goes through a private temporary file, which is gone when this returns. */
async function load({ db, sealer, clock, home }: ApiContext, body: Request): Promise<object> {
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-import-'))
  try {
    const file = join(folder, `${body.kind}.csv`)
    await writeFile(file, body.csv, { mode: 0o600 })
    const asOf = body.asOf === undefined ? undefined : (parseLocalDate(body.asOf) ?? undefined)
    const { kind, portfolio, dryRun } = body
    const rejectFolder = join(home, 'rejects')
    const summary = await importFile({
      db,
      sealer,
      kind,
      file,
      portfolio,
      asOf,
      dryRun,
      at: clock.now(),
      rejectFolder,
    })
    const { jobId, rejectFile: _, ...counts } = summary
    return { id: jobId, ...counts }
  } catch (error) {
    if (error instanceof ImportError)
      throw new Problem('import.refused', `${error.code}: ${error.message}`, 'csv')
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
