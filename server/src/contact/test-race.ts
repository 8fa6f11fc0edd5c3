import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatInstant, type Instant, instant, required } from '@dunlin/kernel'
import type { Policy } from '@dunlin/policy'
import type { Scheduler } from 'fast-check'
import { startHold, syncCases } from '../cases/index.ts'
import type { Channel, SendResult } from '../channels/channel.ts'
import type { Permit } from '../channels/permit.ts'
import { lockBorrowers, parseLedgerEvent, recordLedgerEvents } from '../loanbook/index.ts'
import { aPortfolio, day, load } from '../loanbook/test-book.ts'
import { type Database, openDatabase, type Tx } from '../platform/db/index.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { loadPolicy } from '../platform/packs.ts'
import type { Gate } from './dispatch-batch.ts'
import { dispatchDue, recoverLost } from './index.ts'
import { aClock, aGate, aSink, utc } from './test-gate.ts'

// A world for races: one borrower with planned contacts, and workers, agencies, holds and payments that
// reach for it at once. Whatever statement runs next is chosen by the scheduler.

export const START = utc('2026-06-01T07:00:00Z')
const TODAY = day('2026-06-01')
/** Contacts a day, whoever makes them and however. */
export const CAP = 2
const PACKS = join(import.meta.dirname, '../../../packs')
const RACE = `id: race
version: "1"
title: { zh: 竞争测试, en: Race test }
jurisdiction: "*"
kind: overlay
rules:
  - id: race.cap
    kind: cap
    title: { zh: 每日两次, en: Two a day }
    cite: { instrument: test, basis: lender }
    max: ${CAP}
    events: { directions: [outbound, reply] }
    scope: party
    period: { calendarDays: 1 }
  - id: race.gap
    kind: gap
    title: { zh: 通话后次日不联系, en: A day of rest after a talk }
    cite: { instrument: test, basis: lender }
    daysAfterEvent: 2
    events: { directions: [outbound, reply], channels: [voice], lines: [connected] }
`

export type RaceBook = {
  readonly db: Database
  readonly policy: Policy
  readonly gate: (db?: Database) => Promise<Gate>
}

export async function aRaceBook(): Promise<RaceBook> {
  const own = await openTestDatabase()
  const db = openDatabase({ url: own.url, connectionsMax: 40 })
  await aPortfolio(db)
  // A name that a Chinese email without a signature in brackets is recognised by.
  await db.run(`update portfolio set lender = '示例消费金融'`)
  for (const table of ['attempt', 'decision', 'decision_payload'])
    await db.run(`select ensure_month_partitions($1::regclass, '2026-05-01', '2026-06-30')`, [
      table,
    ])
  const folder = join(mkdtempSync(join(tmpdir(), 'dunlin-race-')), 'packs')
  cpSync(PACKS, folder, { recursive: true })
  writeFileSync(join(folder, 'race.yaml'), RACE)
  const policy = required(loadPolicy(['cn', 'lender-default', 'race'], { folder }), 'policy')
  return {
    db,
    policy,
    gate: async () => {
      const reactions = createReactions()
      const gate = await aGate(reactions)
      reactions.on('loan.changed', async (tx, events, at) => {
        const ids = events.map((event) => event.borrowerId)
        await syncCases(tx, ids, { reactions, asOf: TODAY, at, preDue: new Map() })
      })
      return { ...gate, policyOf: () => policy }
    },
  }
}

export type Target = {
  readonly borrowerId: string
  readonly caseId: string
  readonly loanNo: string
}

/** A borrower in arrears with so many contacts planned for now by SMS and by email. */
export async function aTarget(
  { db }: RaceBook,
  { name, sms, email }: { name: string; sms: number; email: number },
): Promise<Target> {
  const [loanNo, borrowerNo] = [`L-${name}`, `B-${name}`]
  await load(db, {
    kind: 'loans',
    text: `loan_no,borrower_no,name,phone,email,principal_outstanding,overdue_principal,overdue_interest,overdue_penalty,fees,oldest_unpaid_due_on,as_of
${loanNo},${borrowerNo},某某,19900000001,someone@example.com,200.00,200.00,0,0,0,2026-05-25,2026-05-31
`,
  })
  const [row] = await db.query<{ borrower_id: string }>(
    'select borrower_id from loan where loan_no = $1',
    [loanNo],
  )
  const borrowerId = required(row, 'loan').borrower_id
  const reactions = createReactions()
  const options = { reactions, asOf: TODAY, at: START, preDue: new Map() }
  await db.transaction((tx) => syncCases(tx, [borrowerId], options))
  const [open] = await db.query<{ case_id: string }>(
    'select case_id from collection_case where borrower_id = $1',
    [borrowerId],
  )
  const caseId = required(open, 'case').case_id
  await plan(db, { borrowerId, caseId, channel: 'sms', count: sms })
  await plan(db, { borrowerId, caseId, channel: 'email', count: email })
  return { borrowerId, caseId, loanNo }
}

async function plan(
  db: Database,
  given: { borrowerId: string; caseId: string; channel: 'sms' | 'email'; count: number },
): Promise<void> {
  await db.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, party_id, contact_point_id, channel, direction,
       purpose, template, step, state, due_at, actor_kind)
     select c.borrower_id, '2026-06-01', c.case_id, c.portfolio_id, p.party_id, p.contact_point_id, $3, 'outbound', 'collect',
       $4, 'race', 'planned', $5, 'robot'
     from collection_case c join contact_point p on p.borrower_id = c.borrower_id and p.kind = $6, generate_series(1, $7::int)
     where c.borrower_id = $1 and c.case_id = $2`,
    [
      given.borrowerId,
      given.caseId,
      given.channel,
      `cn-s1-${given.channel}`,
      formatInstant(START),
      given.channel === 'sms' ? 'phone' : 'email',
      given.count,
    ],
  )
}

/** The same database, every statement of whose transactions waits for its turn. */
function inTurns(db: Database, scheduler: Scheduler): Database {
  const turn = (what: string) => scheduler.schedule(Promise.resolve(), what)
  return {
    ...db,
    transaction: (work) =>
      db.transaction((tx) =>
        work({
          query: async (text, values) => {
            await turn(text.slice(0, 40))
            return tx.query(text, values)
          },
          rows: async (text, values) => {
            await turn(text.slice(0, 40))
            return tx.rows(text, values)
          },
          run: async (text, values) => {
            await turn(text.slice(0, 40))
            return tx.run(text, values)
          },
          copyIn: async (statement, lines) => {
            await turn(statement.slice(0, 40))
            return tx.copyIn(statement, lines)
          },
          copyOut: tx.copyOut,
        }),
      ),
  }
}

/** Who acts, how far the clock of his machine is off, and what becomes of what he sends. */
export type Actor =
  | {
      readonly does: 'dispatch'
      readonly channel: 'sms' | 'email'
      readonly skewMs: number
      readonly fate: 'accepted' | 'rejected' | 'unknown' | 'crash'
    }
  | { readonly does: 'talk' | 'hold' | 'pay'; readonly skewMs: number }

/** What bound the gate from the moment it had the lock: its place in the order of locks. */
export type Mark = { readonly order: bigint; readonly what: 'talk' | 'hold' | 'pay' }

export type Race = { readonly marks: Mark[]; readonly given: Permit[] }

/** Lets all act at once, statement by statement in the order that the scheduler finds. */
export async function runRace(
  book: RaceBook,
  target: Target,
  { actors, scheduler }: { actors: readonly Actor[]; scheduler: Scheduler },
): Promise<Race> {
  const db = inTurns(book.db, scheduler)
  const race: Race = { marks: [], given: [] }
  const running = actors.map((actor, index) =>
    actor.does === 'dispatch'
      ? dispatchAs(actor, { ...book, db }, race)
      : bind(actor, { ...book, db }, { target, race, index }),
  )
  await scheduler.waitFor(Promise.all(running))
  await recoverLost(book.db, { reactions: createReactions(), at: START })
  return race
}

class Crash extends Error {}

async function dispatchAs(
  actor: Extract<Actor, { does: 'dispatch' }>,
  { db, gate }: RaceBook,
  race: Race,
): Promise<void> {
  const clock = aClock(START + actor.skewMs)
  const send: Channel['send'] = async (permits) => {
    race.given.push(...permits)
    if (actor.fate === 'crash') throw new Crash()
    return permits.map(({ permitId }) => resultOf(permitId, actor.fate))
  }
  try {
    // A window of one has one lane: nothing of a worker that crashed goes on.
    const window = actor.fate === 'crash' ? 1 : 4
    const outlets = [aSink(actor.channel, clock, { send, window })]
    await dispatchDue({ db, gate: await gate(), outlets, now: clock.now })
  } catch (error) {
    if (!(error instanceof Crash)) throw error
  }
}

function resultOf(
  permitId: string,
  fate: 'accepted' | 'rejected' | 'unknown' | 'crash',
): SendResult {
  if (fate === 'accepted') return { permitId, fate, providerMessageId: permitId, parts: 1 }
  if (fate === 'rejected') return { permitId, fate, code: 'no', detail: '' }
  return { permitId, fate: 'unknown', detail: '' }
}

type Binding = { readonly target: Target; readonly race: Race; readonly index: number }

/** A talk by an agency, a hold, or a payment, each under the borrower's lock, as its own domain does it. */
async function bind(
  { does, skewMs }: Extract<Actor, { does: Mark['what'] }>,
  { db, gate }: RaceBook,
  { target, race, index }: Binding,
): Promise<void> {
  const at = instant(START + skewMs)
  const { reactions } = await gate()
  const order = await db.transaction(async (tx) => {
    await lockBorrowers(tx, [target.borrowerId])
    const [row] = await tx.query<{ order: string }>(
      `select nextval('decision_decision_id_seq') as order`,
    )
    if (does === 'talk') await recordTalk(tx, target, at)
    if (does === 'hold') {
      const { borrowerId } = target
      const hold = { scope: {}, from: at, to: null, reason: 'test', source: 'borrower' } as const
      await startHold({ tx, reactions, at }, { borrowerId, kind: 'hardship', ...hold })
    }
    if (does === 'pay') {
      const paid = parseLedgerEvent({
        kind: 'paid',
        id: `p${index}`,
        effectiveOn: '2026-06-01',
        amountMinor: 20_000,
      })
      assert.ok(paid.ok)
      const options = { portfolio: 'main', loanNo: target.loanNo, source: 'api' } as const
      await recordLedgerEvents({ tx, reactions, ...options, events: [paid.value], at })
    }
    return BigInt(required(row, 'order').order)
  })
  race.marks.push({ order, what: does })
}

/** An effective call by an outside agency, as its hand-in records it. */
async function recordTalk(tx: Tx, { borrowerId, caseId }: Target, at: Instant): Promise<void> {
  await tx.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, channel, direction, purpose, state, at, line,
       is_effective, actor_kind, agency)
     select borrower_id, '2026-06-01', case_id, portfolio_id, 'call', 'outbound', 'collect', 'recorded', $3, 'connected',
       true, 'agent', 'agency-one'
     from collection_case where borrower_id = $1 and case_id = $2`,
    [borrowerId, caseId, formatInstant(at)],
  )
}
