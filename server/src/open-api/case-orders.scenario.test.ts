import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatLocalDate, instant, utcDate } from '@dunlin/kernel'
import { z } from 'zod'
import { dispatchDue } from '../contact/index.ts'
import { aSink, utc } from '../contact/test-gate.ts'
import { load } from '../loanbook/test-book.ts'
import { judgeOverduePlans, judgeOverduePromises } from '../plans/index.ts'
import { runCycleToday } from '../strategy/run-cycle.ts'
import { type Api, anApi, KEYS } from './test-api.ts'

// Payment, its reversal, a plan, a dispute and its answer, and a death, in every order in which they can happen,
// each told by a borrower of its own over three months.

const ACTS = ['paid', 'reversed', 'plan', 'disputed', 'answered', 'died'] as const
type Act = (typeof ACTS)[number]
/** What cannot come before what. */
const AFTER: Readonly<Partial<Record<Act, Act>>> = { reversed: 'paid', answered: 'disputed' }
const DAY_MS = 86_400_000
const FIRST_DAY = utc('2026-06-05T06:00:00Z')
const BETWEEN_DAYS = 6
const LAST_DAY = utc('2026-08-25T06:00:00Z')
/** What may be said while a dispute is open. */
const ALLOWED_IN_DISPUTE = ['service']

type Story = {
  readonly order: readonly Act[]
  readonly borrowerNo: string
  readonly loanNo: string
  readonly borrowerId: string
  readonly caseId: string
  disputeId: string | null
  isDisputed: boolean
  isDead: boolean
  planId: string | null
}

function ordersOf(left: readonly Act[], done: readonly Act[] = []): Act[][] {
  if (left.length === 0) return [[...done]]
  return left
    .filter((act) => AFTER[act] === undefined || done.includes(AFTER[act]))
    .flatMap((act) =>
      ordersOf(
        left.filter((other) => other !== act),
        [...done, act],
      ),
    )
}

async function tellStories(api: Api): Promise<Story[]> {
  const orders = ordersOf(ACTS)
  const rows = orders.map((_, at) => {
    const phone = `19900${String(100_000 + at)}`
    return `S${at},P${at},王小明,${phone},,Y${at},10000.00,800.00,50.00,3.20,0,2026-05-25,2026-05-31`
  })
  const head =
    'loan_no,borrower_no,name,phone,email,id_no,principal_outstanding,overdue_principal,overdue_interest,overdue_penalty,fees,oldest_unpaid_due_on,as_of'
  await load(api.db, { kind: 'loans', text: `${[head, ...rows].join('\n')}\n` })
  await runCycleToday({ db: api.db, reactions: api.reactions, at: api.clock.now() })
  const cases = await api.db.query<{ no: string; borrowerId: string; caseId: string }>(
    `select borrower_no as no, borrower_id as "borrowerId", case_id as "caseId"
     from borrower join collection_case using (borrower_id) where borrower_no like 'P%'`,
  )
  const byNo = new Map(cases.map((each) => [each.no, each]))
  return orders.map((order, at) => {
    const { borrowerId = '', caseId = '' } = byNo.get(`P${at}`) ?? {}
    return {
      ...{ order, borrowerNo: `P${at}`, loanNo: `S${at}`, borrowerId, caseId },
      ...{ disputeId: null, isDisputed: false, isDead: false, planId: null },
    }
  })
}

const idOf = z.object({ id: z.string() })

async function post(api: Api, path: string, body: object): Promise<string> {
  const answer = await api.call(`POST /api/v1/${path}`, { body, key: KEYS.admin })
  assert.equal(answer.status, 201, answer.bytes.toString())
  return idOf.safeParse(answer.json).data?.id ?? ''
}

function decide(api: Api, matterId: string, outcome: 'rejected' | 'upheld'): Promise<string> {
  return post(api, `matters/${matterId}/decision`, { outcome, reasons: 'it was looked into' })
}

async function act(api: Api, story: Story, what: Act): Promise<void> {
  const { caseId, loanNo } = story
  const effectiveOn = formatLocalDate(utcDate(api.clock.now()))
  const event = { loanNo, effectiveOn, eventNo: `${loanNo}-${what}`, kind: what }
  switch (what) {
    case 'paid':
      await post(api, 'ledger-events', { ...event, amountMinor: 42_660 })
      return
    case 'reversed':
      await post(api, 'ledger-events', { ...event, reverses: `${loanNo}-paid` })
      return
    case 'disputed':
      story.disputeId = await post(api, 'disputes', { caseId, reason: 'not mine' })
      story.isDisputed = true
      return
    case 'answered':
      await decide(api, story.disputeId ?? '', 'rejected')
      story.isDisputed = false
      return
    case 'died':
      await decide(api, await post(api, 'deaths', { caseId, reason: 'a relative told' }), 'upheld')
      story.isDead = true
      return
    case 'plan':
      story.planId = await acceptPlan(api, story)
  }
}

/** The plan's id once it runs; null where its offer or its acceptance was refused, as it must be then. */
async function acceptPlan(
  api: Api,
  { caseId, borrowerId, ...story }: Story,
): Promise<string | null> {
  const money = { caseId, currency: 'CNY' }
  await post(api, 'statements', { ...money, adults: 1, incomeMinor: { wages: 400_000 } })
  const asked = { ...money, kind: 'instalments', count: 2, firstDueOn: '2026-07-19', reason: 'r' }
  const offered = await api.call('POST /api/v1/plans', { body: asked })
  if (story.isDisputed || story.isDead) {
    assert.equal(offered.json.code, 'plan.held', offered.bytes.toString())
    return null
  }
  assert.equal(offered.status, 201, offered.bytes.toString())
  const planId = idOf.parse(offered.json).id
  const asks = await api.call(`POST /api/v1/plans/${planId}/code`, { body: {} })
  assert.ok(asks.status < 300, asks.bytes.toString())
  const [row] = await api.db.query<{ sealed: Buffer }>(
    `select sealed_facts as sealed from attempt where borrower_id = $1 and trigger_ref like 'plan%'
     order by attempt_id desc limit 1`,
    [borrowerId],
  )
  const facts: unknown = JSON.parse(api.gate.sealer.open(row?.sealed ?? Buffer.alloc(0)))
  const { code } = z.object({ code: z.string() }).parse(facts)
  const { sha256 } = z.object({ sha256: z.string() }).parse(offered.json.agreement)
  await post(api, `plans/${planId}/accept`, { code, agreementSha256: sha256 })
  return planId
}

test('in every order of payment, reversal, plan, dispute and death nobody is contacted against the law, and all ledgers end alike', async () => {
  const api = await anApi()
  const { db, clock, gate, reactions } = api
  const stories = await tellStories(api)
  assert.equal(stories.length, 180)
  const byBorrower = new Map(stories.map((story) => [story.borrowerId, story]))
  const outlets = [aSink('sms', clock), aSink('email', clock)]
  let collected = 0
  const liveOneDay = async (): Promise<void> => {
    const given = { reactions, at: clock.now() }
    await judgeOverduePromises(db, given)
    await judgeOverduePlans(db, given)
    await runCycleToday({ db, ...given })
    for (const outlet of outlets) outlet.given.length = 0
    await dispatchDue({ db, gate, outlets, now: clock.now })
    const sent = outlets.flatMap((outlet) => outlet.given.map(({ attemptId }) => attemptId))
    const rows = await db.query<{ borrowerId: string; purpose: string }>(
      `select borrower_id as "borrowerId", purpose from attempt where attempt_id = any($1::bigint[])`,
      [sent],
    )
    for (const { borrowerId, purpose } of rows) {
      const story = byBorrower.get(borrowerId)
      if (story === undefined) continue
      const told = `${story.order.join(' ')}: ${purpose} on ${new Date(clock.now()).toISOString()}`
      assert.ok(!story.isDead, `after the death, ${told}`)
      assert.ok(!story.isDisputed || ALLOWED_IN_DISPUTE.includes(purpose), `disputed, ${told}`)
      if (purpose !== 'service') collected += 1
    }
  }
  for (let at = FIRST_DAY, turn = 0; at < LAST_DAY; at = instant(at + DAY_MS)) {
    clock.set(at)
    const days = (at - FIRST_DAY) / DAY_MS
    if (days % BETWEEN_DAYS === 0 && turn < ACTS.length) {
      for (const story of stories) await act(api, story, story.order[turn] ?? 'died')
      turn += 1
    }
    await liveOneDay()
  }
  assert.ok(collected > stories.length, `${collected} contacts were allowed and made`)
  await assertEnds(api, stories)
})

async function assertEnds({ db, failures }: Api, stories: readonly Story[]): Promise<void> {
  const ledgers = await db.query(
    `select distinct outstanding_minor, arrears_principal_minor, arrears_interest_minor, arrears_penalty_minor,
       credit_minor, ages_from_on from loan where loan_no like 'S%'`,
  )
  assert.equal(ledgers.length, 1, JSON.stringify(ledgers))
  const people = await db.query(`select distinct status from borrower where borrower_no like 'P%'`)
  assert.deepEqual(people, [{ status: 'deceased' }])
  const plans = await db.query<{ planId: string; state: string }>(
    'select plan_id as "planId", state from plan',
  )
  const made = stories.flatMap(({ planId }) => (planId === null ? [] : [planId]))
  assert.ok(made.length > 40, `${made.length} plans ran`)
  assert.deepEqual(new Set(plans.map(({ state }) => state)), new Set(['cancelled']))
  assert.deepEqual(plans.map(({ planId }) => planId).toSorted(), made.toSorted())
  const blamed = await db.query(`select 1 from outbox where event = 'plan.broken'`)
  assert.deepEqual(blamed, [])
  assert.deepEqual(failures, [])
}
