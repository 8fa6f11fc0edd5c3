import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { utc } from '../contact/test-gate.ts'
import { judgeOverduePlans } from '../plans/index.ts'
import { type Api, anApi, caseOf, KEYS } from './test-api.ts'

// A story over three months, told in every order in which its news can become known.

const HEARD = [
  { eventNo: 'june', kind: 'paid', effectiveOn: '2026-06-10', amountMinor: 42_660 },
  { eventNo: 'bounced', kind: 'reversed', effectiveOn: '2026-06-12', reverses: 'june' },
  { eventNo: 'again', kind: 'paid', effectiveOn: '2026-06-30', amountMinor: 42_660 },
  { eventNo: 'july', kind: 'paid', effectiveOn: '2026-08-01', amountMinor: 42_660 },
] as const

const idOf = z.object({ id: z.string() })

async function aRunningPlan(api: Api): Promise<{ caseId: string; planId: string }> {
  const { call, db, gate } = api
  const caseId = await caseOf(db, 'B1')
  await db.run(
    `with p as (insert into product (portfolio_id, name, options) select portfolio_id, 'pausing', '{"planEffect": "pause"}'
       from portfolio returning product_id) update loan set product_id = p.product_id from p`,
  )
  const statement = { caseId, currency: 'CNY', adults: 1, incomeMinor: { wages: 400_000 } }
  await call('POST /api/v1/statements', { body: statement })
  const asked = {
    caseId,
    currency: 'CNY',
    kind: 'instalments',
    count: 2,
    firstDueOn: '2026-07-01',
    reason: 'r',
  }
  const offered = await call('POST /api/v1/plans', { body: asked })
  assert.equal(offered.status, 201, offered.bytes.toString())
  const planId = idOf.parse(offered.json).id
  await call(`POST /api/v1/plans/${planId}/code`, { body: {} })
  const [row] = await db.query<{ sealed: Buffer }>(
    'select sealed_facts as sealed from attempt where trigger_ref is not null order by attempt_id desc limit 1',
  )
  const facts: unknown = JSON.parse(gate.sealer.open(row?.sealed ?? Buffer.alloc(0)))
  const { code } = z.object({ code: z.string() }).parse(facts)
  const { sha256 } = z.object({ sha256: z.string() }).parse(offered.json.agreement)
  const body = { code, agreementSha256: sha256 }
  assert.equal((await call(`POST /api/v1/plans/${planId}/accept`, { body })).status, 201)
  return { caseId, planId }
}

function ordersOf<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, place) =>
    ordersOf(items.toSpliced(place, 1)).map((rest) => [item, ...rest]),
  )
}

test('in every order of payments and a reversal the plan ends kept, with the same ledger', async () => {
  const api = await anApi()
  const { call, db, clock, reactions } = api
  const { caseId, planId } = await aRunningPlan(api)
  const ends = new Set<string>()
  for (const [number, order] of ordersOf(HEARD).entries()) {
    // Each order has numbers of its own; what an earlier one brought is taken back first.
    const named = (eventNo: string): string => `${eventNo}-${number}`
    clock.set(utc('2026-08-20T02:00:00Z'))
    for (const event of order) {
      const body = { ...event, loanNo: 'L1', eventNo: named(event.eventNo) }
      const reverses = 'reverses' in event ? { reverses: named(event.reverses) } : {}
      const answer = await call('POST /api/v1/ledger-events', { body: { ...body, ...reverses } })
      assert.equal(answer.status, 201, answer.bytes.toString())
      await judgeOverduePlans(db, { reactions, at: clock.now() })
    }
    const plan = (await call(`GET /api/v1/plans/${planId}`)).json
    const [loan] = await db.query(
      `select arrears_principal_minor, arrears_interest_minor, outstanding_minor, credit_minor, ages_from_on, held_dpd
       from loan where loan_no = 'L1'`,
    )
    ends.add(JSON.stringify([plan.state, plan.paidMinor, loan]))
    for (const eventNo of ['again', 'july']) {
      const body = {
        loanNo: 'L1',
        eventNo: named(`undo-${eventNo}`),
        kind: 'reversed',
        effectiveOn: '2026-08-20',
        reverses: named(eventNo),
      }
      assert.equal((await call('POST /api/v1/ledger-events', { body })).status, 201)
    }
    assert.equal((await call(`GET /api/v1/plans/${planId}`)).json.state, 'broken')
  }
  assert.equal(ends.size, 1, [...ends].join('\n'))
  assert.match([...ends].join(), /^\["kept",85320,/)
  assert.ok(caseId !== '')
  assert.deepEqual(api.failures, [])
})

test('a death that is looked into spares a running plan; upheld, it ends plan, promise and contact without blame', async () => {
  const api = await anApi()
  const { call, db, clock, reactions } = api
  const { caseId, planId } = await aRunningPlan(api)
  clock.set(utc('2026-07-20T02:00:00Z'))
  const died = await call('POST /api/v1/deaths', {
    body: { caseId, reason: 'his sister called', raisedBy: 'relative' },
  })
  clock.set(utc('2026-09-20T02:00:00Z'))
  await judgeOverduePlans(db, { reactions, at: clock.now() })
  const stateOf = async () => (await call(`GET /api/v1/plans/${planId}`)).json.state
  assert.equal(await stateOf(), 'active')
  const path = `POST /api/v1/matters/${idOf.parse(died.json).id}/decision`
  await call(path, { body: { outcome: 'upheld', reasons: 'certificate seen' }, key: KEYS.admin })
  assert.equal(await stateOf(), 'cancelled')
  const broken = await db.query(`select 1 from outbox where event = 'plan.broken'`)
  assert.deepEqual(broken, [])
  assert.deepEqual(api.failures, [])
})

test('a dispute that is not decided stops a plan from being offered; rejected, it may be', async () => {
  const api = await anApi()
  const { call, db } = api
  const caseId = await caseOf(db, 'B1')
  const asked = {
    caseId,
    currency: 'CNY',
    kind: 'postponement',
    firstDueOn: '2026-06-20',
    reason: 'r',
  }
  const dispute = await call('POST /api/v1/disputes', { body: { caseId, reason: 'not mine' } })
  assert.equal((await call('POST /api/v1/plans', { body: asked })).json.code, 'plan.held')
  const path = `POST /api/v1/matters/${idOf.parse(dispute.json).id}/decision`
  await call(path, { body: { outcome: 'rejected', reasons: 'the contract is signed' } })
  assert.equal((await call('POST /api/v1/plans', { body: asked })).status, 201)
})
