import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, formatInstant, instant, ok, type Result, refused } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'
import type { EvidenceSigner } from '../../platform/evidence/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import { countEvidence, type EvidenceScope } from '../evidence-store.ts'
import { exportEvidence } from '../export-evidence.ts'
import { checkRows, type Verification, verifyAll, verifyExport } from '../verify-evidence.ts'
import { countChain, endCheck, insertCheck, noteProgress } from './check-store.ts'

/** Of one export: what fits into memory and into an archive that a person can open. */
export const EXPORT_MAX = 10_000
/** A page of the walk: short, because others are answered by the same process. */
const PAGE = 200
const PROBLEMS_SHOWN = 50
/** Without a sign of life for so long, whoever verified is gone. */
const SILENT_MS = 120_000

export type CheckContext = {
  readonly db: Database
  readonly sealer: Sealer
  readonly signer: EvidenceSigner
  readonly clock: Clock
  /** The clock on the wall, for signs of life. */
  readonly wall: Clock
}
export type CheckGiven = {
  readonly of: EvidenceScope | 'log'
  /** A head from elsewhere, in hex. */
  readonly anchor: string | null
  readonly by: string
}
export type EvidenceRefusal = {
  readonly code: 'evidence.none' | 'evidence.not_sealed' | 'evidence.too_many' | 'evidence.busy'
  readonly detail: string
}

/** The instant since which a running verification must have shown a sign of life. */
export function aliveSince(wall: Clock): string {
  return formatInstant(instant(wall.now() - SILENT_MS))
}

/** How many decisions an export would hold, or why there can be none now. */
export async function measureExport(
  db: Database,
  scope: EvidenceScope,
): Promise<Result<number, EvidenceRefusal>> {
  const { decisions, papers, unsealed } = await countEvidence(db, scope)
  const no = (code: EvidenceRefusal['code'], detail: string) => refused({ code, detail })
  if (decisions + papers === 0) return no('evidence.none', 'the gate decided nothing there')
  if (unsealed > 0)
    return no('evidence.not_sealed', 'something is not sealed into the chain yet: ask again')
  if (decisions > EXPORT_MAX)
    return no(
      'evidence.too_many',
      `${decisions} decisions; an export holds ${EXPORT_MAX} at most: take fewer days or one portfolio`,
    )
  return ok(decisions)
}

/**
 * Begins to verify the whole log, or an export as a stranger would get it, behind the answer. One runs at a
 * time. `done` ends when it has; what fails then is kept with the verification and told to `onFailure`.
 */
export async function startCheck(
  context: CheckContext,
  { of, anchor, by }: CheckGiven,
): Promise<Result<{ id: string; done: Promise<void> }, EvidenceRefusal>> {
  const { db, clock, wall } = context
  const measured = of === 'log' ? ok((await countChain(db)).decisions) : await measureExport(db, of)
  if (!measured.ok) return measured
  const id = await insertCheck(db, {
    ...placeOf(of),
    ...{ anchor, askedBy: by, total: measured.value, startedAt: formatInstant(clock.now()) },
    ...{ seenAt: formatInstant(wall.now()), aliveSince: aliveSince(wall) },
  })
  if (id === null)
    return refused({ code: 'evidence.busy', detail: 'a verification runs already: wait for it' })
  return ok({ id, done: run(context, { id, of, anchor, total: measured.value }) })
}

function placeOf(of: EvidenceScope | 'log') {
  const nothing = { caseId: null, from: null, to: null, portfolio: null }
  if (of === 'log') return { ...nothing, kind: 'log' } as const
  if ('caseId' in of) return { ...nothing, kind: 'case', caseId: of.caseId } as const
  return { ...nothing, kind: 'period', ...of.period } as const
}

type Run = Omit<CheckGiven, 'by'> & { readonly id: string; readonly total: number }

async function run(context: CheckContext, given: Run): Promise<void> {
  const { db, clock } = context
  const { id } = given
  const endedAt = (): string => formatInstant(clock.now())
  try {
    const { problems, papers: _, ...found } = await verify(context, given)
    const shown = problems.slice(0, PROBLEMS_SHOWN)
    const counts = { problemCount: problems.length, problems: shown }
    await endCheck(db, { id, ...found, ...counts, state: 'done', endedAt: endedAt() })
  } catch (error) {
    const nothing = { decisions: 0, erased: 0, head: null, problemCount: 0, problems: [] }
    await endCheck(db, { id, ...nothing, state: 'failed', endedAt: endedAt() })
    throw error
  }
}

/** An export is written for the time of its verification only: what it holds is in plain. */
async function verify(
  { db, sealer, signer, clock, wall }: CheckContext,
  { id, of, anchor, total }: Run,
): Promise<Verification> {
  const head = anchor ?? undefined
  if (of === 'log') {
    const onProgress = (decisions: number) =>
      noteProgress(db, { id, decisions, seenAt: formatInstant(wall.now()) })
    const { publicKey } = signer
    return verifyAll(db, { sealer, publicKey, head, onProgress, pageSize: PAGE })
  }
  const problems = await checkRows(db, { sealer, scope: of })
  if (problems.length > 0) return { decisions: total, erased: 0, papers: 0, head: null, problems }
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-check-'))
  try {
    await exportEvidence({ db, sealer, signer, ...of, folder, at: clock.now() })
    return await verifyExport(folder, head)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
