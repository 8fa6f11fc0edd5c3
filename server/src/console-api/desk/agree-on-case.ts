import { deskCallback, deskHold, deskNote } from '@dunlin/contract'
import { formatInstant, type Instant, parseInstant } from '@dunlin/kernel'
import { startHold } from '../../cases/index.ts'
import { askCall } from '../../contact/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { Asker, ConsoleContext } from '../context.ts'
import { serve } from '../serve.ts'
import { type DeskCaseRow, insertCallback, insertNote } from './case-view-store.ts'
import { mustWork, reachCase } from './reach-case.ts'
import { scriptOf } from './scripts.ts'

/** What is agreed or written down beside a call: a hold, a note, a time for the next talk. */
export function routeAgree(app: App, context: ConsoleContext): void {
  const { db, sealer, reactions } = context
  serve(app, context, deskHold, async ({ asker, idIn, body, at }) => {
    const row = await reachCase(context, asker, idIn)
    const to = body.to === undefined ? null : instantIn(body.to, 'to')
    if (to !== null && to < at)
      throw new Problem('request.invalid', 'a hold cannot end before it starts', 'to')
    const { kind, reason, channel } = body
    return db.transaction(async (tx) => {
      const hold = {
        ...{ borrowerId: row.borrower_id, kind, scope: { channel }, from: at, to, reason },
        source: asker.email,
      }
      const id = await startHold({ tx, reactions, at }, hold)
      await insertAudit(tx, {
        ...{ actor: asker.email, action: 'hold.started', subject: row.case_id },
        ...{ detail: { holdId: id, kind }, at: formatInstant(at) },
      })
      return { id }
    })
  })
  serve(app, context, deskNote, async ({ asker, idIn, body, at }) => {
    const row = await reachCase(context, asker, idIn)
    const own = { borrowerId: row.borrower_id, caseId: row.case_id, at: formatInstant(at) }
    const note = { ...own, sealed: sealer.seal(body.text), author: asker.email }
    return { id: await insertNote(db, note) }
  })
  serve(app, context, deskCallback, async ({ asker, idIn, body, at }) => {
    const row = await reachCase(context, asker, idIn)
    await mustAllowCallback(context, { asker, row, callback: body, at })
    return db.transaction(async (tx) => {
      await mustWork(context, tx, { asker, borrowerId: row.borrower_id })
      const own = { borrowerId: row.borrower_id, caseId: row.case_id, at: formatInstant(at) }
      const { at: dueAt, reason } = body
      return { id: await insertCallback(tx, { ...own, dueAt, reason, userId: asker.userId }) }
    })
  })
}

/** A call-back is agreed for a time at which the gate would permit the call; else the problem names the next one. */
export async function mustAllowCallback(
  { db, gate }: ConsoleContext,
  given: {
    readonly asker: Asker
    readonly row: DeskCaseRow
    readonly callback: { readonly at: string; readonly contactPointId: string }
    readonly at: Instant
  },
): Promise<void> {
  const { asker, row, callback, at } = given
  const dueAt = instantIn(callback.at, 'at')
  if (dueAt < at) throw new Problem('request.invalid', 'that time is over', 'at')
  if (asker.agentId === null)
    throw new Problem('contact.no_agent', 'this account is no agent, so it contacts nobody')
  const asked = await askCall(db, gate, {
    ...{ caseId: row.case_id, contactPointId: callback.contactPointId, agentId: asker.agentId },
    ...{ script: scriptOf(row.stage).id, at: dueAt },
  })
  if (!asked.ok) throw new Problem(asked.refusal.code, asked.refusal.detail, asked.refusal.field)
  const verdict = asked.value
  if (verdict.verdict === 'permit') return
  const why = verdict.reasons[0]?.title.zh ?? ''
  const next = verdict.verdict === 'defer' ? formatInstant(verdict.until) : null
  throw new Problem(
    'desk.not_lawful_then',
    next === null
      ? `the gate would refuse a call then: ${why}`
      : `the gate would not permit a call then (${why}): the earliest moment is ${next}`,
    'at',
  )
}

function instantIn(text: string, field: string): Instant {
  const parsed = parseInstant(text)
  if (parsed === null) throw new Problem('request.invalid', 'no instant that we can keep', field)
  return parsed
}
