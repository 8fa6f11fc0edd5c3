import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  findEvidenceCases,
  listEvidenceBatches,
  readEvidence,
  readEvidenceCheck,
  startEvidenceCheck,
} from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import {
  aliveSince,
  countChain,
  type EvidenceCheck,
  type EvidenceScope,
  EXPORT_MAX,
  findCheck,
  findLastOfLog,
  listCheckpoints,
  listChecks,
  startCheck,
} from '../../contact/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { assertMay, assertOfHouse, serve, whoAsks } from '../serve.ts'
import { listCasesOf } from './evidence-case-store.ts'
import { listPortfolioPacks } from './portfolio-packs-store.ts'

const CHECKS_SHOWN = 20
const PROGRAM = join(import.meta.dirname, '../../../../docs/verify-inclusion.mjs')

/** The log of decisions as it stands, and its verification; taking an export away is `routeEvidenceArchive`. */
export function routeEvidence(app: App, context: ConsoleContext): void {
  const { db, wall, signer } = context
  const alive = () => ({ aliveSince: aliveSince(wall) })
  serve(app, context, readEvidence, async ({ asker }) => {
    assertOfHouse(asker)
    const { publicKey } = signer
    const [[head = null], counts, lastOfLog, checks, portfolios] = await Promise.all([
      listCheckpoints(db, { before: null, limit: 1 }),
      countChain(db),
      findLastOfLog(db, alive()),
      listChecks(db, { ...alive(), limit: CHECKS_SHOWN }),
      listPortfolioPacks(db),
    ])
    return {
      ...{ head, publicKey, exportMax: EXPORT_MAX, ...counts },
      keyHash: createHash('sha256').update(publicKey).digest('hex'),
      lastOfLog: lastOfLog === null ? null : toItem(lastOfLog),
      checks: checks.map(toItem),
      portfolios: portfolios.map(({ name }) => name),
    }
  })
  serve(app, context, listEvidenceBatches, async ({ asker, query: { cursor = null, limit } }) => {
    assertOfHouse(asker)
    const items = await listCheckpoints(db, { before: cursor, limit })
    const last = items.length < limit ? undefined : items.at(-1)
    return { items, nextCursor: last === undefined ? null : String(last.sequence) }
  })
  serve(app, context, findEvidenceCases, async ({ asker, query: { borrower } }) => {
    assertOfHouse(asker)
    return { items: await listCasesOf(db, borrower) }
  })
  serve(app, context, readEvidenceCheck, async ({ asker, idIn }) => {
    assertOfHouse(asker)
    const found = await findCheck(db, { ...alive(), id: idIn('checkId') })
    if (found === null) throw new Problem('resource.not_found', 'there is no such verification')
    return toItem(found)
  })
  routeStart(app, context)
  routeProgram(app, context)
}

function routeStart(app: App, context: ConsoleContext): void {
  const { db, onFailure } = context
  serve(app, context, startEvidenceCheck, async ({ asker, body, at }) => {
    assertOfHouse(asker)
    const { anchor = null, kind } = body
    const of = kind === 'log' ? kind : scopeOf(body)
    const started = await startCheck(context, { of, anchor, by: asker.email })
    if (!started.ok) throw new Problem(started.refusal.code, started.refusal.detail)
    const { id, done } = started.value
    done.catch((error: unknown) => onFailure(error, 'verification of evidence'))
    await insertAudit(db, {
      ...{ actor: asker.email, action: 'evidence.checked', subject: `evidence check ${id}` },
      ...{ at: formatInstant(at), detail: { kind, ...(of === 'log' ? {} : of) } },
    })
    return { id }
  })
}

/** The program with which a stranger checks an export: it is part of the handbook, and no secret. */
function routeProgram(app: App, context: ConsoleContext): void {
  app.get('/console-api/evidence/program', { schema: { hide: true } }, async (request, reply) => {
    assertMay(await whoAsks(context, request), 'compliance.read')
    reply.header('content-disposition', 'attachment; filename="verify-inclusion.mjs"')
    return reply.type('text/javascript; charset=utf-8').send(await readFile(PROGRAM))
  })
}

type Chosen =
  | { readonly caseId: string }
  | { readonly from: string; readonly to: string; readonly portfolio?: string | undefined }

/** A case, or days in their order. */
export function scopeOf(given: Chosen): EvidenceScope {
  if ('caseId' in given) return { caseId: given.caseId }
  const { from, to, portfolio = null } = given
  if (to < from) throw new Problem('request.invalid', 'to lies before from', 'to')
  return { period: { from, to, portfolio } }
}

function toItem({ problems, ...check }: EvidenceCheck) {
  return { ...check, problems: [...problems] }
}
