import { deskCall, deskWrap } from '@dunlin/contract'
import { formatInstant, type Instant, parseLocalDate } from '@dunlin/kernel'
import type { z } from 'zod'
import { releaseLease } from '../../cases/index.ts'
import { recordOutcome, startCall, toVerdict } from '../../contact/index.ts'
import { recordPromise } from '../../plans/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { Asker, ConsoleContext } from '../context.ts'
import { serve } from '../serve.ts'
import { mustAllowCallback } from './agree-on-case.ts'
import {
  type DeskCaseRow,
  insertCallback,
  insertNote,
  readStanding,
  settleCallbacks,
} from './case-view-store.ts'
import { readIdentity } from './check-identity.ts'
import { mustWork, reachCase } from './reach-case.ts'
import { scriptOf } from './scripts.ts'
import { takeNext } from './work-next.ts'

type Wrap = z.output<typeof deskWrap.body>
type Wrapping = {
  readonly asker: Asker
  readonly row: DeskCaseRow
  readonly body: Wrap
  readonly at: Instant
}

/** A call: asked of the gate before anybody dials, and wrapped up with all that came of it. */
export function routeWorkCall(app: App, context: ConsoleContext): void {
  const { db, gate } = context
  serve(app, context, deskCall, async ({ asker, idIn, body, at }) => {
    const row = await reachCase(context, asker, idIn)
    const agentId = mustBeAgent(asker)
    return db.transaction(async (tx) => {
      await mustWork(context, tx, { asker, borrowerId: row.borrower_id })
      const script = scriptOf(row.stage).id
      const given = { caseId: row.case_id, agentId, script, at, ...body }
      const started = await startCall(tx, gate, given)
      if (!started.ok)
        throw new Problem(started.refusal.code, started.refusal.detail, started.refusal.field)
      const { attemptId, borrowerId, verdict } = started.value
      if (verdict.verdict === 'permit')
        await settleCallbacks(tx, { borrowerId, caseId: row.case_id, at: formatInstant(at) })
      return { attemptId, now: toVerdict(verdict) }
    })
  })
  serve(app, context, deskWrap, async ({ asker, idIn, body, at }) => {
    const row = await reachCase(context, asker, idIn)
    const wrapping = { asker, row, body, at }
    if (body.callback !== undefined)
      await mustAllowCallback(context, { ...wrapping, callback: body.callback })
    await db.transaction((tx) => wrap(context, tx, wrapping))
    const { scope, not } = body
    return { nextCaseId: await takeNext(context, asker, { scope, at, not: [...not, row.case_id] }) }
  })
}

export function mustBeAgent({ agentId }: Asker): string {
  if (agentId !== null) return agentId
  throw new Problem(
    'contact.no_agent',
    'this account is no agent, so it contacts nobody: ask an administrator',
  )
}

/** Outcome, promise, call-back and note in one transaction; then the borrower is let go. */
async function wrap(context: ConsoleContext, tx: Tx, wrapping: Wrapping): Promise<void> {
  const { asker, row, body, at } = wrapping
  const borrowerId = row.borrower_id
  await mustWork(context, tx, { asker, borrowerId })
  await mustBeOwnCall(tx, wrapping)
  await mustBeKnown(context, tx, wrapping)
  const { attemptId, line, party = null, talk = null, delayReason = null, said } = body
  const outcome = { borrowerId, attemptId, line, party, talk, delayReason, said, by: asker.email }
  const recorded = await recordOutcome({ tx, reactions: context.reactions, at }, outcome)
  if (!recorded.ok) throw new Problem(recorded.refusal.code, recorded.refusal.detail, 'attemptId')
  if (body.promise !== undefined) await keepPromise(context, tx, wrapping)
  const own = { borrowerId, caseId: row.case_id, at: formatInstant(at) }
  if (body.callback !== undefined)
    await insertCallback(tx, {
      ...own,
      dueAt: body.callback.at,
      userId: asker.userId,
      reason: body.callback.reason,
    })
  if (body.note !== undefined)
    await insertNote(tx, { ...own, sealed: context.sealer.seal(body.note), author: asker.email })
  await releaseLease(tx, borrowerId, asker.userId)
}

/** Only a call of the asker's that has no outcome yet can be wrapped up: nobody writes into another's. */
async function mustBeOwnCall(tx: Tx, { asker, row, body, at }: Wrapping): Promise<void> {
  const { openCall } = await readStanding(tx, {
    ...{ borrowerId: row.borrower_id, caseId: row.case_id },
    ...{ agentId: asker.agentId, at: formatInstant(at) },
  })
  if (openCall?.attemptId === body.attemptId) return
  throw new Problem('outcome.not_made', 'this is no open call of yours', 'attemptId')
}

/** The right party is who gave the right answer: nobody is called so on somebody's word. */
async function mustBeKnown(
  context: ConsoleContext,
  tx: Tx,
  { asker, row, body }: Wrapping,
): Promise<void> {
  if (body.party !== 'right-party') return
  const { how } = await readIdentity(context, tx, { asker, row })
  if (how === 'verified') return
  throw new Problem(
    'desk.not_verified',
    'verify the identity before you record the borrower as spoken to',
    'party',
  )
}

async function keepPromise(
  { reactions }: ConsoleContext,
  tx: Tx,
  { row, body, at }: Wrapping,
): Promise<void> {
  const { promise, attemptId } = body
  if (promise === undefined) return
  const dueOn = parseLocalDate(promise.dueOn)
  if (dueOn === null) throw new Problem('request.invalid', 'there is no such day', 'promise.dueOn')
  const recorded = await recordPromise(
    { tx, reactions, at },
    {
      caseId: row.case_id,
      currency: row.currency,
      source: 'agent',
      attemptId,
      isReadBack: promise.readBack,
      graceDays: 0,
      keepsAtPercent: 100,
      parts: [{ dueOn, amountMinor: BigInt(promise.amountMinor) }],
    },
  )
  if (!recorded.ok)
    throw new Problem(recorded.refusal.code, recorded.refusal.detail, recorded.refusal.field)
}
