import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { z } from 'zod'
import { utc } from '../contact/test-gate.ts'
import { judgeOverduePlans } from '../plans/index.ts'
import { anApi, caseOf, KEYS, problemOf, type Reply } from './test-api.ts'

const api = await anApi()
const { call, db, clock, gate, reactions } = api
const caseId = await caseOf(db, 'B1')
await db.run(
  `with p as (insert into product (portfolio_id, name, options) select portfolio_id, 'pausing', '{"planEffect": "pause"}' from portfolio returning product_id)
   update loan set product_id = p.product_id from p`,
)

const HOUSEHOLD = {
  caseId,
  currency: 'CNY',
  adults: 1,
  incomeMinor: { wages: 300_000 },
  expensesMinor: { housing: 100_000 },
}
const SETTLE = {
  caseId,
  currency: 'CNY',
  kind: 'settlement',
  scope: 'arrears',
  firstDueOn: '2026-07-10',
  reason: 'lost work for a month',
}
const PLAN = { ...SETTLE, kind: 'instalments', count: 3, firstDueOn: '2026-07-01' }

const numbers = z.object({ dpd: z.int(), arrearsMinor: z.int(), outstandingMinor: z.int() })
const preview = z.object({ effect: z.string(), now: numbers, accepted: numbers, kept: numbers })
const plan = z.object({
  id: z.string(),
  state: z.string(),
  amountMinor: z.int(),
  parts: z.array(z.object({ dueOn: z.string(), amountMinor: z.int(), state: z.string() })),
  paidMinor: z.int(),
  nextDueOn: z.string().nullable(),
  nextDueMinor: z.int(),
  earlySettlementMinor: z.int().nullable(),
  agreement: z.object({ sha256: z.string(), bytes: z.int() }),
})

function made(answer: Reply) {
  assert.equal(answer.status, 201, answer.bytes.toString())
  return plan.parse(answer.json)
}

async function ledger(): Promise<{ dpd: number; held: boolean }> {
  const [row] = await db.query<{ held_dpd: number | null }>(
    `select held_dpd from loan where loan_no = 'L1'`,
  )
  const { json } = await call(`GET /api/v1/cases/${caseId}`)
  return { dpd: z.int().parse(json.dpd), held: row?.held_dpd !== null }
}

/** The code as the borrower reads it: what dispatch would render. */
async function codeOf(planId: string): Promise<string> {
  const [row] = await db.query<{ sealed: Buffer }>(
    `select a.sealed_facts as sealed from attempt a join plan_code c using (borrower_id, attempt_id)
     where c.plan_id = $1 order by c.code_id desc limit 1`,
    [planId],
  )
  const facts: unknown = JSON.parse(gate.sealer.open(row?.sealed ?? Buffer.alloc(0)))
  return z.object({ code: z.string() }).parse(facts).code
}

async function accept(planId: string) {
  const code = await call(`POST /api/v1/plans/${planId}/code`, { body: {} })
  assert.equal(code.status, 201, code.bytes.toString())
  const { agreement } = plan.parse((await call(`GET /api/v1/plans/${planId}`)).json)
  const body = { code: await codeOf(planId), agreementSha256: agreement.sha256 }
  return call(`POST /api/v1/plans/${planId}/accept`, { body })
}

async function pay(eventNo: string, amountMinor: number, effectiveOn: string): Promise<void> {
  const body = { loanNo: 'L1', eventNo, kind: 'paid', effectiveOn, amountMinor }
  assert.equal((await call('POST /api/v1/ledger-events', { body })).status, 201)
}

test('without a statement nothing but a postponement is offered; no norm, no offer', async () => {
  const { json } = await call(`GET /api/v1/offers?caseId=${caseId}`)
  const kinds = z.array(z.object({ kind: z.string() })).parse(json.offers)
  assert.deepEqual(
    kinds.map(({ kind }) => kind),
    ['postponement'],
  )
  const answer = await call('POST /api/v1/plans', { body: PLAN })
  assert.equal(problemOf(answer), '422 plan.statement_needed statementId')
})

test('a statement counts each expense at what is stated or at the norm, whichever is more', async () => {
  const answer = await call('POST /api/v1/statements', { body: HOUSEHOLD })
  assert.equal(answer.status, 201, answer.bytes.toString())
  const { json } = await call(`GET /api/v1/statements/${String(answer.json.id)}`)
  const lines = z
    .array(z.object({ kind: z.string(), normMinor: z.int(), countedMinor: z.int() }))
    .parse(json.expenses)
  const counted = Object.fromEntries(lines.map(({ kind, countedMinor }) => [kind, countedMinor]))
  // 8411 yuan × 80 % ÷ 12 = 560.7333…, up to the cent; housing as stated.
  assert.deepEqual([counted.food, counted.housing], [56_074, 100_000])
  const spent = lines.reduce((sum, line) => sum + line.countedMinor, 0)
  assert.equal(json.surplusMinor, 300_000 - spent)
  assert.equal(json.affordableMinor, Math.floor(((300_000 - spent) * 80) / 100))
  const plain = await db.query(
    `select 1 from affordability_statement s where s::text like '%wages%' or s::text like '%300000%'`,
  )
  assert.deepEqual(plain, [])
})

test('offers are within what is affordable, and show their effect on the ledger to the cent', async () => {
  const { json } = await call(`GET /api/v1/offers?caseId=${caseId}`)
  const offers = z
    .array(
      z.object({
        kind: z.string(),
        scope: z.string(),
        amountMinor: z.int(),
        preview,
        parts: plan.shape.parts.or(z.array(z.object({ amountMinor: z.int() }))),
      }),
    )
    .parse(json.offers)
  const affordable = z.int().parse(json.affordableMinor)
  assert.ok(offers.length >= 4, JSON.stringify(json.refused))
  for (const offer of offers) {
    if (offer.parts.length > 1)
      for (const part of offer.parts) assert.ok(part.amountMinor <= affordable)
    assert.equal(offer.preview.now.arrearsMinor, 85_320)
    assert.equal(offer.preview.kept.arrearsMinor, 0)
    if (offer.scope === 'arrears' && offer.kind !== 'settlement')
      assert.equal(offer.amountMinor, 85_320)
  }
  const greedy = { ...PLAN, scope: 'outstanding', count: 2 }
  const refused = await call('POST /api/v1/plans/preview', { body: greedy })
  assert.equal(problemOf(refused), '422 plan.not_affordable count')
})

test('a preview writes nothing; what terms get wrong is named', async () => {
  const post = async (change: object) =>
    problemOf(await call('POST /api/v1/plans/preview', { body: { ...PLAN, ...change } }))
  assert.equal(await post({ currency: 'USD' }), '422 plan.bad_terms currency')
  assert.equal(await post({ firstDueOn: '2026-05-31' }), '422 plan.bad_terms firstDueOn')
  assert.equal(await post({ firstDueOn: '2026-12-31' }), '422 plan.bad_terms firstDueOn')
  assert.equal(await post({ count: 61 }), '400 request.invalid count')
  assert.equal(await post({ count: 60 }), '422 plan.bad_terms count')
  assert.equal(await post({ waive: { penaltyMinor: 1 } }), '422 plan.bad_terms waive')
  assert.equal(await post({ statementId: '99' }), '404 resource.not_found statementId')
  assert.equal(await post({ caseId: '999999' }), '404 resource.not_found caseId')
  const good = await call('POST /api/v1/plans/preview', { body: PLAN })
  assert.equal(good.status, 201, good.bytes.toString())
  assert.deepEqual(await db.query('select 1 from plan'), [])
})

test('what forgives more than the proposer may waits for a second person with the authority', async () => {
  const half = { ...SETTLE, waive: { penaltyMinor: 160 } }
  assert.equal(made(await call('POST /api/v1/plans', { body: half })).state, 'offered')
  const all = { ...SETTLE, waive: { penaltyMinor: 320 } }
  const waiting = made(await call('POST /api/v1/plans', { body: all }))
  assert.equal(waiting.state, 'awaiting-approval')
  const path = `POST /api/v1/plans/${waiting.id}`
  assert.equal(problemOf(await call(`${path}/code`, { body: {} })), '409 plan.not_on_offer id')
  const body = { approve: true, reason: 'one month only' }
  assert.equal(problemOf(await call(`${path}/approval`, { body })), '422 plan.same_person id')
  const approved = await call(`${path}/approval`, { body, key: KEYS.admin })
  assert.equal(made(approved).state, 'offered')
  const principal = { ...SETTLE, waive: { principalMinor: 100 } }
  const beyond = await call('POST /api/v1/plans', { body: principal })
  assert.equal(problemOf(beyond), '422 plan.beyond_authority waive')
})

test('a plan starts with the borrower’s code for the agreement that was seen; wrong codes are counted for good', async () => {
  const offered = made(await call('POST /api/v1/plans', { body: PLAN }))
  const path = `/api/v1/plans/${offered.id}`
  const pdf = await call(`GET ${path}/agreement`)
  assert.equal(pdf.type, 'application/pdf')
  assert.equal(createHash('sha256').update(pdf.bytes).digest('hex'), offered.agreement.sha256)
  const sent = await call(`POST ${path}/code`, { body: {} })
  assert.equal(sent.status, 201, sent.bytes.toString())
  assert.match(String(sent.json.point), /\*/)
  const code = await codeOf(offered.id)
  const wrong = code === '000000' ? '000001' : '000000'
  const good = { code, agreementSha256: offered.agreement.sha256 }
  const post = (body: object) => call(`POST ${path}/accept`, { body })
  assert.equal(
    problemOf(await post({ ...good, agreementSha256: '0'.repeat(64) })),
    '422 plan.bad_code agreementSha256',
  )
  for (let tries = 0; tries < 4; tries += 1)
    assert.equal(problemOf(await post({ ...good, code: wrong })), '422 plan.bad_code code')
  assert.equal(problemOf(await post(good)), '422 plan.bad_code code')
  await call(`POST ${path}/code`, { body: {} })
  clock.set(utc('2026-06-01T06:11:00Z'))
  assert.equal(
    problemOf(await post({ ...good, code: await codeOf(offered.id) })),
    '422 plan.bad_code code',
  )
  const running = made(await accept(offered.id))
  assert.equal(running.state, 'active')
  assert.deepEqual([running.nextDueOn, running.nextDueMinor], ['2026-07-01', 28_440])
  assert.equal(running.earlySettlementMinor, 85_320)
  // What was offered, and that it was accepted, are leaves of evidence; a document that was exchanged with its hash is found.
  const papers = await db.query(
    `select kind, encode(sha256, 'hex') as sha256 from paper where ref = $1 order by paper_id`,
    [offered.id],
  )
  const { sha256 } = offered.agreement
  assert.deepEqual(papers, [
    { kind: 'agreement-offered', sha256 },
    { kind: 'agreement-accepted', sha256 },
  ])
  const again = await accept(running.id).catch((error: unknown) => error)
  assert.match(String(again), /409|plan.not_on_offer/)
  const hashes = await db.query(
    `select 1 from plan_code where code_hash::text like '%' || $1 || '%'`,
    [code],
  )
  assert.deepEqual(hashes, [])
})

test('the code goes out through dispatch and the gate, as a service that the plan triggers', async () => {
  const [attempt] = await db.query<{ purpose: string; trigger: string; state: string }>(
    `select purpose, trigger_ref as trigger, state from attempt where trigger_ref is not null order by attempt_id desc limit 1`,
  )
  assert.equal(attempt?.purpose, 'service')
  assert.match(attempt?.trigger ?? '', /^plan \d+$/)
  assert.equal(attempt?.state, 'planned')
  const asked = { caseId, channel: 'sms', template: 'cn-plan-code-sms' }
  const claimed = await call('POST /api/v1/contacts', { body: asked })
  assert.equal(problemOf(claimed), '422 contact.unknown_template template')
})

test('days past due stand still by a ledger event, collection rests until shortly before the part, and asks for it', async () => {
  assert.deepEqual(await ledger(), { dpd: 7, held: true })
  const [row] = await db.query<{ asked_minor: string; asked_on: string }>(
    'select asked_minor, asked_on from collection_case where case_id = $1',
    [caseId],
  )
  assert.deepEqual(row, { asked_minor: '28440', asked_on: '2026-07-01' })
  const { json } = await call(`GET /api/v1/cases/${caseId}/permissions`)
  const items = z
    .array(z.object({ now: z.object({ verdict: z.string() }), earliestAt: z.string().nullable() }))
    .parse(json.items)
  assert.ok(items.every(({ now }) => now.verdict !== 'permit'))
  assert.ok(items.some(({ earliestAt }) => earliestAt?.startsWith('2026-06-28')))
  const paused = await db.query(
    `select 1 from ledger_event where kind = 'paused' and source = 'plan'`,
  )
  assert.equal(paused.length, 2 - 1)
})

test('a part that is paid moves the plan on; two missed parts break it and its effects are reversed; a payment known late mends it', async () => {
  await pay('p1', 28_440, '2026-06-01')
  clock.set(utc('2026-07-10T02:00:00Z'))
  // The two settlements that nobody took.
  assert.equal(await judgeOverduePlans(db, { reactions, at: clock.now() }), 2)
  const [current] = z
    .array(plan)
    .parse((await call(`GET /api/v1/plans?caseId=${caseId}`)).json.items)
  assert.deepEqual(
    current?.parts.map(({ state }) => state),
    ['paid', 'open', 'open'],
  )
  clock.set(utc('2026-09-05T02:00:00Z'))
  assert.ok((await judgeOverduePlans(db, { reactions, at: clock.now() })) >= 1)
  const read = async () => plan.parse((await call(`GET /api/v1/plans/${current?.id}`)).json)
  assert.equal((await read()).state, 'broken')
  const after = await ledger()
  assert.ok(!after.held && after.dpd > 60, JSON.stringify(after))
  const reversed = await db.query(
    `select 1 from ledger_event where kind = 'reversed' and source = 'plan'`,
  )
  assert.equal(reversed.length, 1)
  await pay('late', 28_440, '2026-08-01')
  assert.equal((await read()).state, 'broken')
  await pay('later', 28_440, '2026-09-01')
  assert.equal((await read()).state, 'kept')
  const events = await db.query<{ event: string }>(
    `select event from outbox where event like 'plan.%' and payload->>'planId' = $1 order by outbox_id`,
    [current?.id ?? ''],
  )
  assert.deepEqual(
    events.map(({ event }) => event),
    ['plan.proposed', 'plan.accepted', 'plan.broken', 'plan.kept'],
  )
})

test('nothing failed on our side', () => {
  assert.deepEqual(api.failures, [])
})

test('the file of a case holds all of it under hashes, its evidence verified, and the audit says who took it', async () => {
  await api.seal()
  const path = `GET /api/v1/cases/${caseId}/file?purpose=legal`
  assert.equal(problemOf(await call(path)), '403 auth.scope')
  const answer = await call(path, { key: KEYS.admin })
  assert.deepEqual([answer.status, answer.type], [200, 'application/zip'], answer.bytes.toString())
  const text = answer.bytes.toString('latin1')
  for (const name of [
    'index.json',
    'contracts.json',
    'plans.json',
    'matters.json',
    'agreements/',
    'evidence/',
    'verification.json',
  ])
    assert.ok(text.includes(name), name)
  const taken = await db.query(
    `select 1 from audit_event where action = 'case-file.legal' and actor = 'admin'`,
  )
  assert.equal(taken.length, 1)
})
