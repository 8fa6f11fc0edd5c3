import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { id, importFields, importReport, importRequest, importResponse } from '@dunlin/contract'
import fastifyMultipart from '@fastify/multipart'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Answer, type App, onceByKey, Problem } from '../../platform/http/index.ts'
import { type ApiContext, idempotencyKey } from '../context.ts'
import { findImport, listRejects } from '../open-api-store.ts'
import { createImporter, type Importer, type Staged } from './importer.ts'
import { receiveUpload, UPLOAD_BYTES_MAX } from './receive-upload.ts'

type Response = ReturnType<typeof importResponse.parse>

/** Bytes of an import inside JSON; more comes as a file. */
const JSON_BYTES_MAX = 64 * 1024 * 1024
const upload = importFields.extend({ file: z.string().meta({ format: 'binary' }) })

/** `POST /api/v1/imports`, as JSON or as a file, and `GET /api/v1/imports/{id}`. */
export function routeImports(app: App, context: ApiContext): void {
  const importer = createImporter(context)
  app.addHook('onClose', () => importer.finish())
  app.register(async (scope: App) => {
    const limits = { files: 1, fields: 10, fieldSize: 1000, fileSize: UPLOAD_BYTES_MAX }
    await scope.register(fastifyMultipart, { limits })
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
      const answer = await load(context, importer, request)
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
    return { ...found, rejects: await listRejects(context.db, found.id) }
  })
}

/** The file goes through a private temporary folder, which is gone when its import is. */
async function load(
  { db, clock, home }: ApiContext,
  importer: Importer,
  request: FastifyRequest,
): Promise<Answer<Response>> {
  const uploads = join(home, 'uploads')
  await mkdir(uploads, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(uploads, 'import-'))
  const discard = (): Promise<void> => rm(folder, { recursive: true, force: true })
  try {
    const isFile = request.isMultipart()
    const staged = isFile ? await receiveUpload(request, folder) : await stageText(request, folder)
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
      body: await importer.run(staged, { folder, waits: !isFile }),
    }))
  } finally {
    if (!importer.owns(folder)) await discard()
  }
}

async function stageText(request: FastifyRequest, folder: string): Promise<Staged> {
  const { csv, ...fields } = importRequest.parse(request.body)
  const file = join(folder, `${fields.kind}.csv`)
  await writeFile(file, csv, { mode: 0o600 })
  return { ...fields, file, content: csv }
}
