import {
  type DeskScope,
  deskNext,
  deskRelease,
  deskRenew,
  deskTake,
  deskWorklist,
  type WorkItem,
} from '@dunlin/contract'
import { formatInstant, type Instant } from '@dunlin/kernel'
import {
  type Lease,
  readLease,
  releaseLease,
  renewLease,
  takeLease,
  takeOver,
} from '../../cases/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { dpdAt, maskedName } from '../cases/case-item.ts'
import { type Asker, type ConsoleContext, reachOf } from '../context.ts'
import { assertMay, serve } from '../serve.ts'
import { dayOf } from './day-of.ts'
import { reachCase } from './reach-case.ts'
import { countWorked, hasCases, listWork, type WorkAsked, type WorkRow } from './worklist-store.ts'

/** Rows that a worklist shows of a reason, and altogether. */
const SHOWN_MAX = 100
/** Candidates that are tried when somebody asks who is next. */
const CANDIDATES_MAX = 40
/** The day of the floor; a case's own day is its portfolio's. */
const ZONE = 'Asia/Shanghai'

/** Who is next, and the lease by which two people never work on one borrower. */
export function routeWorkNext(app: App, context: ConsoleContext): void {
  const { db, sealer, wall } = context
  serve(app, context, deskWorklist, async ({ asker, query, at }) => {
    const { dayFrom } = dayOf(ZONE, at)
    const scope = await scopeOf(context, asker, query.scope)
    const [rows, workedToday] = await Promise.all([
      listWork(db, toAsked(context, asker, { scope, at, not: [], limit: SHOWN_MAX })),
      countWorked(db, { by: asker.email, from: dayFrom }),
    ])
    const toItem = (row: WorkRow): WorkItem => ({
      caseId: row.case_id,
      borrowerNo: row.borrower_no,
      name: maskedName(sealer, row.sealed),
      portfolio: row.portfolio,
      stage: row.stage,
      dpd: dpdAt(row, at),
      reason: row.reason,
      since: row.since,
      agent: row.agent,
      holder: row.holder,
      isMine: row.holder_id === asker.userId,
    })
    return { scope, items: rows.map(toItem), isCut: rows.length === SHOWN_MAX, workedToday }
  })
  serve(app, context, deskNext, async ({ asker, body, at }) => ({
    caseId: await takeNext(context, asker, { ...body, at }),
  }))
  serve(app, context, deskTake, async ({ asker, idIn, body, at }) => {
    const { case_id: caseId, borrower_id: borrowerId } = await reachCase(context, asker, idIn)
    const key = { caseId, borrowerId }
    const taker = { userId: asker.userId, wall: wall.now() }
    await db.transaction(async (tx) => {
      const taken = await takeLease(tx, [key], taker)
      if (taken !== null || !body.takeOver) return
      assertMay(asker, 'case.assign')
      const before = await takeOver(tx, key, taker)
      await insertAudit(tx, {
        ...{ actor: asker.email, action: 'lease.taken_over', subject: caseId },
        ...{ detail: { from: before?.userId ?? null }, at: formatInstant(at) },
      })
    })
    return toLease(await readLease(db, { borrowerId, wall: taker.wall }), asker)
  })
  serve(app, context, deskRenew, async ({ asker, idIn }) => {
    const { borrower_id: borrowerId } = await reachCase(context, asker, idIn)
    const now = wall.now()
    await renewLease(db, borrowerId, { userId: asker.userId, wall: now })
    return toLease(await readLease(db, { borrowerId, wall: now }), asker)
  })
  serve(app, context, deskRelease, async ({ asker, idIn }) => {
    const { borrower_id: borrowerId } = await reachCase(context, asker, idIn)
    await releaseLease(db, borrowerId, asker.userId)
    return { done: true as const }
  })
}

export type NextAsked = {
  readonly scope?: DeskScope | undefined
  readonly not: readonly string[]
  readonly at: Instant
}

/** Takes the most urgent case that nobody works on; null when none is left. Who was held before is let go. */
export async function takeNext(
  context: ConsoleContext,
  asker: Asker,
  { not, at, ...given }: NextAsked,
): Promise<string | null> {
  const { db, wall } = context
  const scope = await scopeOf(context, asker, given.scope)
  const limit = CANDIDATES_MAX
  const rows = await listWork(db, toAsked(context, asker, { scope, not, at, limit }))
  const wanted = rows
    .filter(({ holder_id }) => holder_id === null || holder_id === asker.userId)
    .map((row) => ({ borrowerId: row.borrower_id, caseId: row.case_id }))
  const taker = { userId: asker.userId, wall: wall.now() }
  const taken = await db.transaction((tx) => takeLease(tx, wanted, taker))
  return taken?.caseId ?? null
}

/** A lease as a page shows it. */
export function toLease(lease: Lease | null, { userId }: Asker) {
  return {
    holder: lease?.name ?? null,
    isMine: lease?.userId === userId,
    since: lease?.takenAt ?? null,
  }
}

/** What is not said: an agent's own cases where they have any, else the team's and nobody's; others all they reach. */
async function scopeOf(
  { db }: ConsoleContext,
  { agentId }: Asker,
  given: DeskScope | undefined,
): Promise<DeskScope> {
  if (given !== undefined) return given
  if (agentId === null) return 'all'
  return (await hasCases(db, agentId)) ? 'mine' : 'team'
}

function toAsked(
  { wall }: ConsoleContext,
  asker: Asker,
  given: NextAsked & { readonly scope: DeskScope; readonly limit: number },
): WorkAsked {
  const { at, scope, not, limit } = given
  if (scope === 'mine' && asker.agentId === null)
    throw new Problem('request.invalid', 'this account is no agent: choose team or all', 'scope')
  const who = { reach: reachOf(asker), scope, userId: asker.userId }
  return {
    ...who,
    ...dayOf(ZONE, at),
    at: formatInstant(at),
    wall: formatInstant(wall.now()),
    not,
    limit,
  }
}
