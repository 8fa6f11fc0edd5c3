import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { evidenceArchiveQuery } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import { type EvidenceScope, exportEvidence, measureExport } from '../../contact/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem, readInput } from '../../platform/http/index.ts'
import { zipFiles } from '../../platform/zip-files.ts'
import type { ConsoleContext } from '../context.ts'
import { assertMay, assertOfHouse, whoAsks } from '../serve.ts'
import { scopeOf } from './evidence-routes.ts'

/**
 * `GET /console-api/evidence/archive`: the evidence of a case or of some days. It holds facts and messages in
 * plain: it is made for this answer and kept nowhere, and the audit says who took what, and what for, before
 * a byte leaves.
 */
export function routeEvidenceArchive(app: App, context: ConsoleContext): void {
  const { db, clock } = context
  app.get('/console-api/evidence/archive', { schema: { hide: true } }, async (request, reply) => {
    const asker = await whoAsks(context, request)
    assertMay(asker, 'evidence.export')
    assertOfHouse(asker)
    const { purpose, ...chosen } = readInput(evidenceArchiveQuery, request.query ?? {})
    const scope = scopeOf(chosen)
    const measured = await measureExport(db, scope)
    if (!measured.ok) throw new Problem(measured.refusal.code, measured.refusal.detail)
    const archive = await pack(context, scope)
    await insertAudit(db, {
      ...{ actor: asker.email, action: 'evidence.exported', subject: subjectOf(scope) },
      ...{ at: formatInstant(clock.now()), detail: { purpose, decisions: measured.value } },
    })
    reply.header('cache-control', 'no-store')
    reply.header('content-disposition', `attachment; filename="${nameOf(scope)}.zip"`)
    return reply.type('application/zip').send(archive)
  })
}

async function pack(
  { db, sealer, signer, clock }: ConsoleContext,
  scope: EvidenceScope,
): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-archive-'))
  try {
    await exportEvidence({ db, sealer, signer, ...scope, folder, at: clock.now() })
    const names = (await readdir(folder)).sort()
    const files = await Promise.all(
      names.map(async (name) => ({ name, content: await readFile(join(folder, name)) })),
    )
    return zipFiles(files)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function subjectOf(scope: EvidenceScope): string {
  if ('caseId' in scope) return `case ${scope.caseId}`
  const { from, to, portfolio } = scope.period
  return `decisions ${from} to ${to}${portfolio === null ? '' : ` of ${portfolio}`}`
}

function nameOf(scope: EvidenceScope): string {
  if ('caseId' in scope) return `evidence-case-${scope.caseId}`
  return `evidence-${scope.period.from}-${scope.period.to}`
}
