import {
  askErasure,
  decideErasureRequest,
  LOOK_ACTIONS,
  listErasureQueue,
  listLooks,
} from '@dunlin/contract'
import {
  addDays,
  type EpochDay,
  formatInstant,
  formatLocalDate,
  type Instant,
  instant,
  instantsOfLocal,
  localDay,
  parseLocalDate,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import { countAudit, insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { decideErasure, readErasures, requestErasure } from '../../retention/index.ts'
import type { ConsoleContext } from '../context.ts'
import { assertOfHouse, serve } from '../serve.ts'
import { findBorrowerId } from './evidence-case-store.ts'

/** The day of the house. */
const ZONE = required(zoneNamed('Asia/Shanghai'), 'the zone of the house')
const LOOKS_SHOWN = 500
const LOOKS_DAYS = 30

/** Who looked at whose data how often, and wishes to delete it, each decided by a second person. */
export function routePersonalData(app: App, context: ConsoleContext): void {
  const { db, reactions, sealer } = context
  serve(app, context, listLooks, async ({ asker, query, at }) => {
    assertOfHouse(asker)
    const to = query.to === undefined ? localDay(ZONE, at) : dayOf(query.to)
    const from = query.from === undefined ? addDays(to, 1 - LOOKS_DAYS) : dayOf(query.from)
    const items = await countAudit(
      db,
      {
        ...{ actor: query.actor ?? null, actions: LOOK_ACTIONS, subject: null },
        ...{ from: startOf(from), to: startOf(addDays(to, 1)) },
      },
      LOOKS_SHOWN,
    )
    return { from: formatLocalDate(from), to: formatLocalDate(to), items }
  })
  serve(app, context, listErasureQueue, async ({ asker, query: { state = null, limit }, at }) => {
    assertOfHouse(asker)
    const wishes = await readErasures(db, { state, limit, at })
    const items = wishes.map(({ borrowerId: _borrower, ...wish }) => ({
      ...wish,
      isMine: wish.askedBy === asker.email,
    }))
    return { items }
  })
  serve(app, context, askErasure, async ({ asker, body: { borrowerNo }, at }) => {
    assertOfHouse(asker)
    const borrowerId = await findBorrowerId(db, borrowerNo)
    const nobody = `there is nobody of number ${borrowerNo} whose data is still kept`
    if (borrowerId === null) throw new Problem('resource.not_found', nobody, 'borrowerNo')
    const given = { borrowerId, by: asker.email, at }
    const asked = await db.transaction(async (tx) => {
      const wish = await requestErasure(tx, given)
      if (wish === null) throw new Problem('resource.not_found', nobody, 'borrowerNo')
      const subject = `erasure ${wish.erasureId}`
      await insertAudit(tx, { ...auditOf(asker.email, at), action: 'erasure.asked', subject })
      return wish
    })
    return { id: asked.erasureId, earliestOn: formatLocalDate(asked.earliestOn) }
  })
  serve(app, context, decideErasureRequest, async ({ asker, idIn, body, at }) => {
    assertOfHouse(asker)
    const erasureId = idIn('erasureId')
    return db.transaction(async (tx) => {
      const given = { erasureId, ...body, by: asker.email }
      const decided = await decideErasure({ tx, reactions, sealer, at }, given)
      if (!decided.ok) throw new Problem(decided.refusal.code, decided.refusal.detail, 'erasureId')
      const action = `erasure.${body.verdict}`
      const subject = `erasure ${erasureId}`
      await insertAudit(tx, { ...auditOf(asker.email, at), action, subject })
      return decided.value
    })
  })
}

function auditOf(actor: string, at: Instant): { actor: string; at: string } {
  return { actor, at: formatInstant(at) }
}

function dayOf(text: string): EpochDay {
  return required(parseLocalDate(text), text)
}

function startOf(day: EpochDay): string {
  const [midnight] = instantsOfLocal(ZONE, day, 0)
  return formatInstant(instant(required(midnight, 'the start of a day')))
}
