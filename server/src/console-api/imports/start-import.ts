import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { importFields, importStarted } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import type { FastifyRequest } from 'fastify'
import { ImportError, type ImportStarted } from '../../loanbook/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem, receiveUpload, takeUploads } from '../../platform/http/index.ts'
import type { Asker, ConsoleContext } from '../context.ts'
import { assertMay, assertOfHouse, assertOwnOrigin, whoAsks } from '../serve.ts'

/** `POST /console-api/imports`: a file and what it is. The import goes on behind the answer. */
export function routeStartImport(app: App, context: ConsoleContext): void {
  app.register(async (scope: App) => {
    await takeUploads(scope)
    scope.post('/console-api/imports', { schema: { hide: true } }, async (request, reply) => {
      assertOwnOrigin(context, request)
      const asker = await whoAsks(context, request)
      assertMay(asker, 'portfolio.manage')
      assertOfHouse(asker)
      if (!request.isMultipart())
        throw new Problem('request.media_type', 'send a form: multipart/form-data with a file')
      const started = await start(context, { request, asker })
      return reply.status(201).send(importStarted.parse(started))
    })
  })
}

type Given = { readonly request: FastifyRequest; readonly asker: Asker }

/** The file goes through a private temporary folder, which is gone when its import is. */
async function start(
  { db, clock, home, importer }: ConsoleContext,
  { request, asker }: Given,
): Promise<ImportStarted> {
  const uploads = join(home, 'uploads')
  await mkdir(uploads, { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(uploads, 'import-'))
  try {
    const staged = await receiveUpload(request, { folder, schema: importFields })
    const started = await importer.run(staged, { folder, waits: false })
    const { kind, portfolio, dryRun, content } = staged
    await db.transaction((tx) =>
      insertAudit(tx, {
        at: formatInstant(clock.now()),
        actor: asker.email,
        action: 'import.started',
        subject: `import ${started.id}`,
        detail: { kind, portfolio, dryRun, sha256: content },
      }),
    )
    return started
  } catch (error) {
    throw error instanceof ImportError ? toProblem(error) : error
  } finally {
    if (!importer.owns(folder)) await rm(folder, { recursive: true, force: true })
  }
}

function toProblem({ code, message }: ImportError): Problem {
  if (code === 'import.busy') return new Problem('import.busy', message)
  const field = code === 'import.unknown_portfolio' ? 'portfolio' : 'file'
  return new Problem('import.refused', `${code}: ${message}`, field)
}
