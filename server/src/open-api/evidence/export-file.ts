import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { id } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import { z } from 'zod'
import { exportEvidence, verifyExport } from '../../contact/index.ts'
import { collectSolutions } from '../../plans/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ZipEntry, zipFiles } from '../../platform/zip-files.ts'
import { mustFind } from '../cases/read-cases.ts'
import type { ApiContext } from '../context.ts'
import { isCaseSealed } from '../open-api-store.ts'

const query = z.strictObject({ purpose: z.enum(['complaint', 'mediation', 'legal']) })
const archive = {
  description: 'A ZIP archive; `index.json` names every file with its SHA-256.',
  content: {
    'application/zip': { schema: z.unknown().meta({ type: 'string', format: 'binary' }) },
  },
}

/** `GET /api/v1/cases/{id}/file`: all of a case in one archive, its evidence verified first; who took it is kept. */
export function routeCaseFile(app: App, context: ApiContext): void {
  const { db, clock } = context
  const schema = {
    tags: ['evidence'],
    summary: 'The whole file of a case, for a complaint, a mediation or a court',
    description:
      'Contracts and ledger, promises, plans with their agreements, matters in words, notices and evidence. In plain, so it needs an admin key, and the audit names who took it and what for.',
    params: z.object({ id }),
    querystring: query,
    response: { 200: archive },
  }
  const config = {
    scope: 'admin',
    problems: ['resource.not_found', 'evidence.not_sealed'],
  } as const
  app.get('/api/v1/cases/:id/file', { schema, config }, async (request, reply) => {
    const caseId = request.params.id
    const { purpose } = request.query
    await mustFind(db, caseId, 'id')
    if (!(await isCaseSealed(db, caseId)))
      throw new Problem('evidence.not_sealed', 'a decision is not sealed yet: ask again', 'id')
    const at = formatInstant(clock.now())
    const files = await collectFiles(context, caseId)
    const listed = files.map(({ name, content }) => ({
      ...{ name, bytes: content.length },
      sha256: createHash('sha256').update(content).digest('hex'),
    }))
    const index = { caseId, purpose, madeAt: at, madeBy: request.caller, files: listed }
    const detail = {
      actor: request.caller,
      action: `case-file.${purpose}`,
      subject: `case ${caseId}`,
      at,
    }
    await insertAudit(db, detail)
    reply.header('content-type', 'application/zip')
    reply.header('content-disposition', `attachment; filename="case-${caseId}-${purpose}.zip"`)
    return reply.send(zipFiles([{ name: 'index.json', content: toJson(index) }, ...files]))
  })
}

async function collectFiles(context: ApiContext, caseId: string): Promise<ZipEntry[]> {
  const { db, sealer, signer, clock } = context
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-case-file-'))
  try {
    const at = clock.now()
    await exportEvidence({ db, sealer, signer, caseId, folder, at })
    const verified = await verifyExport(folder)
    const names = (await readdir(folder)).sort()
    const evidence = await Promise.all(
      names.map(async (name) => ({
        name: `evidence/${name}`,
        content: await readFile(join(folder, name)),
      })),
    )
    const { documents, agreements } = await db.transaction((tx) =>
      collectSolutions({ tx, sealer, at }, caseId),
    )
    return [
      ...Object.entries(documents).map(([name, value]) => ({
        name: `${name}.json`,
        content: toJson(value),
      })),
      ...agreements.map(({ planId, pdf }) => ({ name: `agreements/${planId}.pdf`, content: pdf })),
      { name: 'verification.json', content: toJson(verified) },
      ...evidence,
    ]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function toJson(value: unknown): Buffer {
  const text = JSON.stringify(
    value,
    (_key, each: unknown) => (typeof each === 'bigint' ? each.toString() : each),
    2,
  )
  return Buffer.from(`${text}\n`)
}
