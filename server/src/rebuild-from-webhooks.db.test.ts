import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { EVENTS, SYSTEM_EVENTS } from '@dunlin/contract'
import { addDays, type EpochDay, instant } from '@dunlin/kernel'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import { endHold, startHold } from './cases/index.ts'
import { dispatchDue } from './contact/index.ts'
import { aClock, aGate, aSink } from './contact/test-gate.ts'
import { parseLedgerEvent, recordLedgerEvents } from './loanbook/index.ts'
import { aPortfolio, day, LOANS, load } from './loanbook/test-book.ts'
import { judgeOverduePromises, recordPromise } from './plans/index.ts'
import { systemClock } from './platform/clock.ts'
import type { Database } from './platform/db/index.ts'
import { openTestDatabase } from './platform/db/test-database.ts'
import { createReactions, type Reactions } from './platform/events/index.ts'
import { createWebhookSender, newSecret, upsertEndpoint } from './platform/webhooks/index.ts'
import { runCycle } from './strategy/index.ts'
import { wireReactions } from './wire-reactions.ts'

// A lender's other system hears nothing but webhooks, and knows the book as we do.

const FIRST = day('2026-06-01')
const SECRET = newSecret()

const body = z.object({
  type: z.string(),
  timestamp: z.string(),
  data: z.record(z.string(), z.unknown()),
})
type Fact = Record<string, unknown>

/** The second system: a state kept by the events alone, whichever borrower they come from. */
function aCopy() {
  const copy = {
    cases: new Map<string, Fact>(),
    loans: new Map<string, Fact>(),
    promises: new Map<string, Fact>(),
    holds: new Map<string, Fact>(),
    verdicts: new Map<string, number>(),
    payments: 0,
    borrowers: 0,
    points: 0,
  }
  const put = (map: Map<string, Fact>, id: unknown, facts: Fact) =>
    map.set(String(id), { ...map.get(String(id)), ...facts })
  const hear = (type: string, data: Fact) => {
    const [group = '', what = ''] = type.split('.')
    if (type === 'case.staged') return put(copy.cases, data.caseId, { stage: data.to })
    if (group === 'case') return put(copy.cases, data.caseId, data)
    if (type === 'loan.folded') return put(copy.loans, data.loanId, data)
    if (type === 'promise.recorded')
      return put(copy.promises, data.promiseId, { ...data, state: 'open' })
    if (group === 'promise')
      return put(copy.promises, data.promiseId, { state: what === 'reopened' ? 'open' : what })
    if (group === 'hold') return put(copy.holds, data.holdId, data)
    if (['contact.permitted', 'contact.deferred', 'contact.refused'].includes(type))
      return copy.verdicts.set(what, (copy.verdicts.get(what) ?? 0) + 1)
    if (type === 'payment.recorded') copy.payments += 1
    if (type === 'borrower.added') copy.borrowers += 1
    if (type === 'contact-point.added') copy.points += 1
    return undefined
  }
  return { copy, hear }
}

async function aListener() {
  const { copy, hear } = aCopy()
  const last = new Map<string, number>()
  let lost = 0
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const header = (name: string) => String(request.headers[name])
    const id = header('webhook-id')
    new Webhook(SECRET).verify(text, {
      'webhook-id': id,
      'webhook-timestamp': header('webhook-timestamp'),
      'webhook-signature': header('webhook-signature'),
    })
    const { type, data } = body.parse(JSON.parse(text))
    const { borrowerId, ...payload } = data
    // What is sent is what the reference says, and of one borrower in its order.
    schemaOf(type).parse(payload)
    const place = Number(id.slice(4))
    assert.ok(place > (last.get(String(borrowerId)) ?? 0), `${type} came out of order`)
    lost += 1
    // Every seventh answer is lost: the event comes again and must change nothing.
    if (lost % 7 === 0) return response.writeHead(500).end()
    last.set(String(borrowerId), place)
    hear(type, payload)
    return response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { copy, url: `http://127.0.0.1:${port}/` }
}

function schemaOf(type: string): z.ZodType {
  const found = Object.entries({ ...EVENTS, ...SYSTEM_EVENTS }).find(([name]) => name === type)
  assert.ok(found !== undefined, `the event ${type} is not in the list`)
  return found[1].payload
}

test('a second system that hears only webhooks has our cases, stages, balances, promises, holds and verdicts', async () => {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await db.run(`update portfolio set lender = '示例消费金融有限公司'`)
  const { copy, url } = await aListener()
  const reactions = createReactions()
  const gate = await aGate(reactions)
  wireReactions(reactions, gate.sealer)
  const { sealer } = gate
  await db.transaction((tx) =>
    upsertEndpoint(tx, {
      ...{ name: 'copy', url, events: ['*'], enabled: true },
      sealedSecret: sealer.seal(SECRET),
    }),
  )
  await liveThrough(db, reactions, gate)
  // Tries again come by a clock that runs ahead; the timestamp stays near the receiver's.
  let ahead = 0
  const clock = { now: () => instant(systemClock().now() + ahead) }
  const failures: unknown[] = []
  const sender = createWebhookSender({
    ...{ db, sealer, clock, allowPrivate: true },
    onFailure: (error) => failures.push(error),
  })
  for (let round = 0; round < 400; round += 1) {
    await sender.tick()
    await sender.idle()
    ahead = Math.min(ahead + 5_001, 280_000)
    const [left] = await db.query<{ count: string }>(
      `select count(*) from webhook_delivery where state = 'waiting'`,
    )
    if (round > 0 && left?.count === '0') break
  }
  assert.deepEqual(failures, [])
  assert.deepEqual(theirs(copy), await ours(db))
  assert.ok(copy.cases.size >= 3 && copy.promises.size >= 3 && copy.holds.size >= 2)
  assert.ok(copy.payments >= 4 && [...copy.verdicts.keys()].length >= 2)
})

/** Five weeks of a small book: files, cycles, contacts, holds, promises, payments, a reversal. */
async function liveThrough(
  db: Database,
  reactions: Reactions,
  gate: Awaited<ReturnType<typeof aGate>>,
): Promise<void> {
  await load(db, { kind: 'loans', text: LOANS })
  await load(db, {
    kind: 'ledger',
    text: `event_no,loan_no,kind,effective_on,amount\nF1,L1,paid,2026-05-30,10.00\nF2,L1,fee,2026-05-30,5.00\n`,
  })
  const live = async (offset: number) => {
    const today = addDays(FIRST, offset)
    const at = instant(Date.UTC(2026, 5, 1 + offset, 6))
    await judgeOverduePromises(db, { reactions, at })
    await runCycle({ db, reactions, asOf: today, at })
    const clock = aClock(at)
    const outlets = [aSink('sms', clock), aSink('email', clock)]
    await dispatchDue({ db, gate, outlets, now: clock.now })
    await happen(db, reactions, { offset, today, at })
  }
  for (let offset = 0; offset < 35; offset += 1) await live(offset)
}

type Today = { offset: number; today: EpochDay; at: ReturnType<typeof instant> }

async function happen(db: Database, reactions: Reactions, now: Today): Promise<void> {
  const { offset, today, at } = now
  const pay = (loanNo: string, given: object) => record(db, reactions, { loanNo, given, now })
  const hold = (kind: 'dispute' | 'hardship', borrowerNo: string) =>
    db.transaction(async (tx) =>
      startHold(
        { tx, reactions, at },
        {
          ...{ borrowerId: await borrowerOf(db, borrowerNo), kind, scope: {} },
          ...{ from: at, to: null, reason: 'said so', source: 'borrower' },
        },
      ),
    )
  if (offset === 2) await promise(db, reactions, { borrowerNo: 'B1', days: 3, now })
  if (offset === 3) await promise(db, reactions, { borrowerNo: 'B1', days: 4, now })
  if (offset === 4) await hold('dispute', 'B2')
  if (offset === 6) await pay('L1', { kind: 'paid', id: 'p1', amountMinor: 20_000 })
  if (offset === 9) {
    const borrowerId = await borrowerOf(db, 'B2')
    await db.transaction((tx) => endHold({ tx, reactions, at }, { borrowerId, holdId: '1' }))
  }
  if (offset === 10) await promise(db, reactions, { borrowerNo: 'B2', days: 2, now })
  if (offset === 12) await pay('L3', { kind: 'paid', id: 'p2', amountMinor: 20_000 })
  if (offset === 14) await pay('L3', { kind: 'reversed', id: 'r2', reverses: 'p2' })
  if (offset === 15) await hold('hardship', 'B1')
  if (offset === 18) await pay('L1', { kind: 'paused', id: 'z1' })
  if (offset === 22) await pay('L1', { kind: 'resumed', id: 'z2' })
  if (offset === 25) await pay('L3', { kind: 'paid', id: 'p3', amountMinor: 30_000 })
  if (offset === 28)
    await load(db, {
      kind: 'loans',
      text: LOANS.replaceAll('2026-05-31', '2026-06-28').replace('2026-05-25', '2026-06-20'),
    })
  assert.ok(today >= FIRST)
}

async function record(
  db: Database,
  reactions: Reactions,
  { loanNo, given, now }: { loanNo: string; given: object; now: Today },
): Promise<void> {
  const effectiveOn = Temporal.PlainDate.from('1970-01-01').add({ days: now.today }).toString()
  const parsed = parseLedgerEvent({ effectiveOn, ...given })
  assert.ok(parsed.ok)
  const events = [parsed.value]
  const common = { reactions, portfolio: 'main', loanNo, events, source: 'api', at: now.at }
  const recorded = await db.transaction((tx) => recordLedgerEvents({ tx, ...common }))
  assert.ok(recorded.ok)
}

async function promise(
  db: Database,
  reactions: Reactions,
  { borrowerNo, days, now }: { borrowerNo: string; days: number; now: Today },
): Promise<void> {
  const [found] = await db.query<{ case_id: string }>(
    `select case_id from collection_case join borrower using (borrower_id)
     where borrower_no = $1 and state = 'open'`,
    [borrowerNo],
  )
  const given = {
    ...{ caseId: found?.case_id ?? '', currency: 'CNY', source: 'message' as const },
    parts: [{ amountMinor: 20_000n, dueOn: addDays(now.today, days) }],
    ...{ attemptId: null, graceDays: 0, keepsAtPercent: 100, isReadBack: false },
  }
  const made = await db.transaction((tx) => recordPromise({ tx, reactions, at: now.at }, given))
  assert.ok(made.ok, JSON.stringify(made))
}

async function borrowerOf(db: Database, borrowerNo: string): Promise<string> {
  const [row] = await db.query<{ borrower_id: string }>(
    'select borrower_id from borrower where borrower_no = $1',
    [borrowerNo],
  )
  return row?.borrower_id ?? ''
}

function theirs(copy: ReturnType<typeof aCopy>['copy']): Fact {
  const pick = (map: Map<string, Fact>, names: readonly string[]) =>
    [...map]
      .map(([id, facts]) => [id, ...names.map((name) => facts[name] ?? null)])
      .sort(([a], [b]) => Number(a) - Number(b))
  return {
    cases: pick(copy.cases, ['state', 'stage', 'arrearsMinor', 'agesFromOn', 'heldDpd']),
    loans: pick(copy.loans, ['loanNo', 'status', 'outstandingMinor', 'arrearsMinor', 'agesFromOn']),
    promises: pick(copy.promises, ['state', 'amountMinor', 'dueOn']),
    holds: pick(copy.holds, ['kind', 'from', 'endedAt']),
    verdicts: [...copy.verdicts].sort(([a], [b]) => a.localeCompare(b)),
    counts: [copy.payments, copy.borrowers, copy.points],
  }
}

async function ours(db: Database): Promise<Fact> {
  const rows = async (text: string) =>
    (await db.rows(text)).map((row) =>
      row.map((value, index) => (index > 1 && /^\d+$/.test(String(value)) ? Number(value) : value)),
    )
  const utc = (column: string) =>
    `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`
  return {
    cases: await rows(
      `select case_id::text, state, noted_stage, arrears_minor, ages_from_on, held_dpd
       from collection_case order by case_id`,
    ),
    loans: await rows(
      `select loan_id::text, loan_no, status, outstanding_minor, arrears_principal_minor + arrears_interest_minor
         + arrears_fee_minor + arrears_penalty_minor, ages_from_on from loan order by loan_id`,
    ),
    promises: await rows(
      `select promise_id::text, state, amount_minor, due_on from promise order by promise_id`,
    ),
    holds: await rows(
      `select hold_id::text, kind, ${utc('from_at')}, ${utc('to_at')} from hold order by hold_id`,
    ),
    verdicts: (
      await db.query<{ verdict: string; count: string }>(
        `select case verdict when 'permit' then 'permitted' when 'defer' then 'deferred' else 'refused' end as verdict,
           count(*) from decision group by 1 order by 1`,
      )
    ).map(({ verdict, count }) => [verdict, Number(count)]),
    counts: (
      await db.rows(
        `select (select count(*) from ledger_event where kind = 'paid'), (select count(*) from borrower),
           (select count(*) from contact_point)`,
      )
    )
      .flat()
      .map(Number),
  }
}
