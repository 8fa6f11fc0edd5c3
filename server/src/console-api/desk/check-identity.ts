import { timingSafeEqual } from 'node:crypto'
import { deskIdentity } from '@dunlin/contract'
import { formatInstant, type Instant, instant } from '@dunlin/kernel'
import { readLease } from '../../cases/index.ts'
import { openPerson } from '../../loanbook/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import type { Sql, Tx } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import type { Asker, ConsoleContext } from '../context.ts'
import { serve } from '../serve.ts'
import type { DeskCaseRow } from './case-view-store.ts'
import { findIdentity, type IdentityState, insertIdentity } from './identity-store.ts'
import { mustWork, reachCase } from './reach-case.ts'

/** Wrong answers about one borrower within a day; whoever needs more is not the person. */
export const IDENTITY_TRIES_MAX = 3
/** How long an answer opens a case, on the wall; the end of the lease ends it sooner. */
const OPEN_MS = 30 * 60_000
const DIGITS = 4

/** The identity of whoever is on the line, or the reason for which a case is opened without it. */
export function routeIdentity(app: App, context: ConsoleContext): void {
  const { db } = context
  serve(app, context, deskIdentity, async ({ asker, idIn, body, at }) => {
    const row = await reachCase(context, asker, idIn)
    const checking = { asker, row, at }
    return db.transaction((tx) =>
      'reason' in body
        ? openWithReason(context, tx, { ...checking, reason: body.reason })
        : checkAnswer(context, tx, { ...checking, given: body }),
    )
  })
}

type Checking = { readonly asker: Asker; readonly row: DeskCaseRow; readonly at: Instant }
type Checked = { isOpen: boolean; triesLeft: number }

/** Whoever gives a reason sees the amounts; the reason stands in the audit. */
async function openWithReason(
  context: ConsoleContext,
  tx: Tx,
  checking: Checking & { readonly reason: string },
): Promise<Checked> {
  const { asker, row, at, reason } = checking
  const { who, until, wrong } = await readSitting(context, tx, checking)
  await insertIdentity(tx, { ...who, result: 'opened', basis: 'none', reason, until })
  await insertAudit(tx, {
    ...{ actor: asker.email, action: 'case.opened_without_identity', subject: row.case_id },
    ...{ detail: { reason }, at: formatInstant(at) },
  })
  return { isOpen: true, triesLeft: IDENTITY_TRIES_MAX - wrong }
}

/** Compares an answer with the record; only whoever works on the borrower may try. */
async function checkAnswer(
  context: ConsoleContext,
  tx: Tx,
  checking: Checking & { readonly given: Given },
): Promise<Checked> {
  const { asker, row, given } = checking
  await mustWork(context, tx, { asker, borrowerId: row.borrower_id })
  const { who, until, wrong } = await readSitting(context, tx, checking)
  if (wrong >= IDENTITY_TRIES_MAX)
    throw new Problem('auth.locked', 'too many wrong answers: say nothing of a debt, end the call')
  const fits = answerFits(context.sealer, row, given)
  const result = fits ? 'verified' : 'wrong'
  await insertIdentity(tx, { ...who, result, basis: given.basis, reason: null, until })
  return { isOpen: fits, triesLeft: IDENTITY_TRIES_MAX - wrong - (fits ? 0 : 1) }
}

async function readSitting(context: ConsoleContext, tx: Tx, { asker, row }: Checking) {
  const { now, since } = await sittingOf(context, tx, { asker, row })
  const who = { borrowerId: row.borrower_id, caseId: row.case_id, userId: asker.userId, now }
  const { wrong } = await findIdentity(tx, { ...who, since })
  return { who, wrong, until: formatInstant(instant(context.wall.now() + OPEN_MS)) }
}

/** The asker's sitting with a borrower: since when it runs, and now, both on the wall. */
async function sittingOf(
  { wall }: ConsoleContext,
  sql: Sql,
  { asker, row }: { asker: Asker; row: DeskCaseRow },
): Promise<{ now: string; since: string }> {
  const at: Instant = wall.now()
  const lease = await readLease(sql, { borrowerId: row.borrower_id, wall: at })
  // Who does not work on the borrower reads; what they opened lasts as long as it says.
  const since =
    lease?.userId === asker.userId ? lease.takenAt : formatInstant(instant(at - OPEN_MS))
  return { now: formatInstant(at), since }
}

/** Whether the case is open to the asker now. */
export async function readIdentity(
  context: ConsoleContext,
  sql: Sql,
  given: { asker: Asker; row: DeskCaseRow },
): Promise<IdentityState> {
  const { asker, row } = given
  const sitting = await sittingOf(context, sql, given)
  const who = { borrowerId: row.borrower_id, caseId: row.case_id, userId: asker.userId }
  return findIdentity(sql, { ...who, ...sitting })
}

type Given = { readonly basis: 'id-last4' | 'name'; readonly answer: string }

/** What the record holds to compare an answer with. */
export function basesOf(sealer: Sealer, { sealed }: DeskCaseRow): ('id-last4' | 'name')[] {
  const { name, idNo } = openPerson(sealer, sealed)
  return [
    ...(idNo.length >= DIGITS ? (['id-last4'] as const) : []),
    ...(name === '' ? [] : (['name'] as const)),
  ]
}

function answerFits(sealer: Sealer, { sealed }: DeskCaseRow, { basis, answer }: Given): boolean {
  const { name, idNo } = openPerson(sealer, sealed)
  const known = basis === 'name' ? name : idNo.length < DIGITS ? '' : idNo.slice(-DIGITS)
  return known !== '' && isSame(plain(known), plain(answer))
}

function plain(text: string): string {
  return text.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase()
}

/** Takes as long for a near miss as for a far one. */
function isSame(known: string, given: string): boolean {
  const [one, other] = [Buffer.from(known), Buffer.from(given)]
  return one.length === other.length && timingSafeEqual(one, other)
}
