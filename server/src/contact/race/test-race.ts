import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatInstant, type Instant, instant, required } from '@dunlin/kernel'
import type { Policy, Verdict } from '@dunlin/policy'
import type { Scheduler } from 'fast-check'
import { startHold, syncCases } from '../../cases/index.ts'
import type { Channel, SendResult } from '../../channels/channel.ts'
import type { Permit } from '../../channels/permit.ts'
import { lockBorrowers, parseLedgerEvent, recordLedgerEvents } from '../../loanbook/index.ts'
import { aPortfolio, day, load } from '../../loanbook/test-book.ts'
import { type Database, openDatabase, type Tx } from '../../platform/db/index.ts'
import { openTestDatabase } from '../../platform/db/test-database.ts'
import { createReactions } from '../../platform/events/index.ts'
import { loadPolicy } from '../../platform/packs.ts'
import { findCaseState, insertAsked, listCasePoints } from '../ask-store.ts'
import type { Gate } from '../dispatch-batch.ts'
import { dispatchDue, recoverLost } from '../index.ts'
import { judgeQuestions } from '../judge-question.ts'
import { aClock, aGate, aSink, utc } from '../test-gate.ts'

// A world for races: one borrower with planned contacts, and dispatchers, callers of the house and of agencies,
// robots, holds and payments that reach for it at once. Whatever statement runs next is chosen by the scheduler.

export const START = utc('2026-06-01T07:00:00Z')
const TODAY = day('2026-06-01')
/** Contacts a day, whoever makes them and however. */
export const CAP = 2
const PACKS = join(import.meta.dirname, '../../../../packs')
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

/** Who calls: people of ours and of two agencies, and robots of ours and of an agency. */
export const CALLERS = {
  ours: { channel: 'call', kind: 'agent', agency: null },
  'agency-one': { channel: 'call', kind: 'agent', agency: 'agency-one' },
  'agency-two': { channel: 'call', kind: 'agent', agency: 'agency-two' },
  robot: { channel: 'robot-call', kind: 'robot', agency: null },
  'agency-robot': { channel: 'robot-call', kind: 'robot', agency: 'agency-two' },
} as const
export type Caller = keyof typeof CALLERS

/** Who acts, how far the clock of his machine is off, and what becomes of what he does. */
export type Actor =
  | {
      readonly does: 'dispatch'
      readonly channel: 'sms' | 'email'
      readonly skewMs: number
      readonly fate: 'accepted' | 'rejected' | 'unknown' | 'crash'
    }
  | {
      readonly does: 'call'
      readonly by: Caller
      /** Asks the gate and calls only when permitted; else hands in what has already taken place. */
      readonly doesAsk: boolean
      readonly isTalk: boolean
      readonly skewMs: number
    }
  | { readonly does: 'hold' | 'pay'; readonly skewMs: number }
type Binder = Exclude<Actor, { does: 'dispatch' }>

/** A call by its place in the order of locks: what the gate said to who asked, and whether it was made. */
export type CallMark = {
  readonly order: bigint
  readonly what: 'call'
  readonly by: Caller
  readonly isTalk: boolean
  readonly isMade: boolean
  /** Null of a call that was handed in; `closed` where nothing was left to ask about. */
  readonly verdict: Verdict['verdict'] | 'closed' | null
}
/** What bound the gate from the moment it had the lock: its place in the order of locks. */
export type Mark = CallMark | { readonly order: bigint; readonly what: 'hold' | 'pay' }

export type Race = { readonly marks: Mark[]; readonly given: Permit[] }
export type Arena = {
  readonly race: Race
  /** Lets somebody begin when the scheduler finds it his turn, and does not wait for the end of it. */
  readonly begin: (actor: Actor) => Promise<void>
  /** Waits until all who began have ended. */
  readonly rest: () => Promise<void>
}

/** One borrower for whom many reach at once, statement by statement in the order that the scheduler finds. */
export function openArena(book: RaceBook, target: Target, scheduler: Scheduler): Arena {
  const inTurn = { ...book, db: inTurns(book.db, scheduler) }
  const race: Race = { marks: [], given: [] }
  const running: Promise<void>[] = []
  return {
    race,
    begin: async (actor) => {
      await scheduler.schedule(Promise.resolve(), `begin ${actor.does}`)
      running.push(
        actor.does === 'dispatch'
          ? dispatchAs(actor, inTurn, race)
          : bind(actor, inTurn, { target, race, index: running.length }),
      )
    },
    rest: async () => {
      await Promise.all(running)
    },
  }
}

/** What the workers that died left behind is settled. */
export async function endRace({ db }: RaceBook): Promise<void> {
  await recoverLost(db, { reactions: createReactions(), at: START })
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

/** A call, a hold, or a payment, each under the borrower's lock, as its own domain does it. */
async function bind(
  actor: Binder,
  { db, gate }: RaceBook,
  { target, race, index }: Binding,
): Promise<void> {
  const at = instant(START + actor.skewMs)
  const asked = await gate()
  const { reactions } = asked
  const mark = await db.transaction(async (tx): Promise<Mark> => {
    await lockBorrowers(tx, [target.borrowerId])
    const [row] = await tx.query<{ order: string }>(
      `select nextval('decision_decision_id_seq') as order`,
    )
    const order = BigInt(required(row, 'order').order)
    if (actor.does === 'call') return { order, ...(await call(tx, asked, { actor, target, at })) }
    if (actor.does === 'hold') {
      const { borrowerId } = target
      const hold = { scope: {}, from: at, to: null, reason: 'test', source: 'borrower' } as const
      await startHold({ tx, reactions, at }, { borrowerId, kind: 'hardship', ...hold })
    } else {
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
    return { order, what: actor.does }
  })
  race.marks.push(mark)
}

type Call = {
  readonly actor: Extract<Actor, { does: 'call' }>
  readonly target: Target
  readonly at: Instant
}

/** A call that asks first is made only when permitted; one that is handed in was made whatever the gate would say. */
async function call(tx: Tx, gate: Gate, given: Call): Promise<Omit<CallMark, 'order'>> {
  const { by, isTalk, doesAsk } = given.actor
  const verdict = doesAsk ? await askToCall(tx, gate, given) : null
  const isMade = verdict === null || verdict === 'permit'
  if (isMade) await recordCall(tx, given)
  return { what: 'call', by, isTalk, isMade, verdict }
}

/** The gate's answer by the code and the facts of dispatch; of the question nothing stays. */
async function askToCall(
  tx: Tx,
  gate: Gate,
  { actor, target, at }: Call,
): Promise<CallMark['verdict']> {
  const { caseId, borrowerId } = target
  const found = await findCaseState(tx, caseId)
  if (found?.state !== 'open') return 'closed'
  const point = required(
    (await listCasePoints(tx, caseId)).find(({ kind }) => kind === 'phone'),
    'phone',
  )
  const { channel } = CALLERS[actor.by]
  const attempt = await insertAsked(tx, {
    ...point,
    caseId,
    channel,
    purpose: 'collect',
    template: 'none',
    step: 'question',
    at: formatInstant(START),
    reply: null,
  })
  const question = { attempt, channel, partyId: null, collectionContent: true }
  const [verdict] = await judgeQuestions(tx, gate, { questions: [question], at })
  await tx.run('delete from attempt where borrower_id = $1 and attempt_id = $2', [
    borrowerId,
    attempt.attempt_id,
  ])
  return required(verdict, 'verdict').verdict
}

/** A call by whoever made it: somebody answered and talked, or nobody did. */
async function recordCall(tx: Tx, { actor, target, at }: Call): Promise<void> {
  const { channel, kind, agency } = CALLERS[actor.by]
  await tx.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, channel, direction, purpose, step, state, at, line,
       is_effective, actor_kind, agency)
     select borrower_id, '2026-06-01', case_id, portfolio_id, $4, 'outbound', 'collect', 'call', 'recorded', $3, $5, $6, $7, $8
     from collection_case where borrower_id = $1 and case_id = $2`,
    [
      ...[target.borrowerId, target.caseId, formatInstant(at), channel],
      ...[actor.isTalk ? 'connected' : 'no-answer', actor.isTalk, kind, agency],
    ],
  )
}
