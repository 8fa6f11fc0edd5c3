import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { id } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import { z } from 'zod'
import { exportEvidence } from '../../contact/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { zipFiles } from '../../platform/zip-files.ts'
import { mustFind } from '../cases/read-cases.ts'
import type { ApiContext } from '../context.ts'
import { isCaseSealed } from '../open-api-store.ts'

const archive = {
  description:
    'The files of `dunlin evidence export`; unpacked, `dunlin evidence verify DIR` checks them.',
  content: {
    'application/zip': { schema: z.unknown().meta({ type: 'string', format: 'binary' }) },
  },
}

/** `GET /api/v1/evidence/{caseId}`: everything about a case's decisions, in plain; who took it is kept. */
export function routeEvidence(app: App, context: ApiContext): void {
  const { db, sealer, signer, clock } = context
  const schema = {
    tags: ['evidence'],
    summary: 'The evidence of one case, as files that a stranger can verify',
    description:
      'Holds facts and messages in plain, so it needs an admin key, and the audit names who took it.',
    params: z.object({ caseId: id }),
    response: { 200: archive },
  }
  const config = {
    scope: 'admin',
    problems: ['resource.not_found', 'evidence.not_sealed'],
  } as const
  app.get('/api/v1/evidence/:caseId', { schema, config }, async (request, reply) => {
    const { caseId } = request.params
    await mustFind(db, caseId, 'caseId')
    if (!(await isCaseSealed(db, caseId)))
      throw new Problem(
        'evidence.not_sealed',
        'a decision of this case is not sealed into the chain yet: ask again in a moment',
        'caseId',
      )
    const at = clock.now()
    const folder = await mkdtemp(join(tmpdir(), 'dunlin-evidence-'))
    try {
      await exportEvidence({ db, sealer, signer, caseId, folder, at })
      const names = (await readdir(folder)).sort()
      const files = await Promise.all(
        names.map(async (name) => ({ name, content: await readFile(join(folder, name)) })),
      )
      const actor = request.caller
      const subject = `case ${caseId}`
      await insertAudit(db, { actor, action: 'evidence.exported', subject, at: formatInstant(at) })
      reply.header('content-type', 'application/zip')
      reply.header('content-disposition', `attachment; filename="evidence-${caseId}.zip"`)
      return reply.send(zipFiles(files))
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
}
