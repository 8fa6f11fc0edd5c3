import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { id, importFields, importReport, importRequest, importResponse } from '@dunlin/contract'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  findImport,
  ImportError,
  type Importer,
  type ImportStarted,
  listRejects,
  type Staged,
} from '../../loanbook/index.ts'
import {
  type Answer,
  type App,
  onceByKey,
  Problem,
  receiveUpload,
  takeUploads,
} from '../../platform/http/index.ts'
import { type ApiContext, idempotencyKey } from '../context.ts'

/** Bytes of an import inside JSON; more comes as a file. */
const JSON_BYTES_MAX = 64 * 1024 * 1024
/** Rejects that a report shows; the reject file holds all. */
const REJECTS_SHOWN = 100
const upload = importFields.extend({ file: z.string().meta({ format: 'binary' }) })

/** `POST /api/v1/imports`, as JSON or as a file, and `GET /api/v1/imports/{id}`. */
export function routeImports(app: App, context: ApiContext): void {
  const { importer } = context
  app.addHook('onClose', () => importer.finish())
  app.register(async (scope: App) => {
    await takeUploads(scope)
    const schema = {
      tags: ['imports'],
      summary: 'Load a file: small ones as text in JSON, any as multipart/form-data',
      body: {
        content: {
          'application/json': { schema: importRequest },
          'multipart/form-data': { schema: upload.nullable() },
        },
      },
      response: { 200: importResponse, 201: importResponse },
    }
    const config = {
      scope: 'write',
      once: true,
      problems: ['import.refused', 'import.busy'],
    } as const
    const route = { schema, config, bodyLimit: JSON_BYTES_MAX }
    scope.post('/api/v1/imports', route, async (request, reply) => {
      const answer = await load(context, request)
      return reply.status(answer.status).send(answer.body)
    })
  })
  const one = {
    tags: ['imports'],
    summary: 'How far an import is, with its first rejects',
    params: z.object({ id }),
    response: { 200: importReport },
  }
  const config = { scope: 'read', problems: ['resource.not_found'] } as const
  app.get('/api/v1/imports/:id', { schema: one, config }, async (request) => {
    const found = await findImport(context.db, request.params.id)
    if (found === null)
      throw new Problem('resource.not_found', `there is no import ${request.params.id}`, 'id')
    const {
      portfolio: _portfolio,
      startedAt: _start,
      endedAt: _end,
      percent: _part,
      ...report
    } = found
    const first = { importId: found.id, afterLine: 0, limit: REJECTS_SHOWN }
    return { ...report, rejects: await listRejects(context.db, first) }
  })
}

/** The file goes through a private temporary folder, which is gone when its import is. */
async function load(
  { db, clock, home, importer }: ApiContext,
  request: FastifyRequest,
): Promise<Answer<ImportStarted>> {
  const uploads = join(home, 'uploads')
  await mkdir(uploads, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(uploads, 'import-'))
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const isFile = request.isMultipart()
    const staged = isFile
      ? await receiveUpload(request, { folder, schema: importFields })
      : await stageText(request, folder)
    const { file: _file, ...said } = staged
    const once = {
      key: idempotencyKey(request),
      caller: request.caller,
      route: 'POST /api/v1/imports',
      request: said,
      at: clock.now(),
      parse: (body: unknown) => importResponse.parse(body),
    }
    return await onceByKey(db, once, async () => ({
      status: 201,
      body: await runStaged(importer, staged, { folder, waits: !isFile }),
    }))
  } finally {
    if (!importer.owns(folder)) await discard()
  }
}

/** An import that is refused whole is the caller's to mend: the problem names what is meant. */
async function runStaged(
  importer: Importer,
  staged: Staged,
  given: { folder: string; waits: boolean },
): Promise<ImportStarted> {
  try {
    return await importer.run(staged, given)
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    if (error.code === 'import.busy') throw new Problem('import.busy', error.message)
    const field = error.code === 'import.unknown_portfolio' ? 'portfolio' : 'file'
    throw new Problem('import.refused', `${error.code}: ${error.message}`, field)
  }
}

async function stageText(request: FastifyRequest, folder: string): Promise<Staged> {
  const { csv, ...fields } = importRequest.parse(request.body)
  const file = join(folder, `${fields.kind}.csv`)
  await writeFile(file, csv, { mode: 0o600 })
  return { ...fields, file, content: csv }
}
