import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { settingsSchema } from '@dunlin/contract'
import { instant, required } from '@dunlin/kernel'
import { z } from 'zod'
import { sweepGrants } from '../incentives/index.ts'
import { day, load } from '../loanbook/test-book.ts'
import { anAccount, aPlatform, settingsOf } from '../payments/test-merchant.ts'
import { applySettings } from '../people/index.ts'
import { runCycle } from '../strategy/index.ts'
import { anApi, caseOf, KEYS, NOON, problemOf } from './test-api.ts'

// A kept promise earns what a rule says: once, within its budget, allowed by two, and taken back when it must be.

const api = await anApi()
const { call, db, gate, clock, payments, reactions } = api
const server = await aPlatform({ clock })
const notifyUrl = `${api.url}/callbacks/wechat-pay/pay`
await anAccount(db, gate.sealer, settingsOf(server, { notifyUrl }))
const SECOND = 'key-of-a-second-admin-0123456789'
const admins = settingsSchema.parse({
  apiKeys: [{ name: 'second', scopes: ['admin'], key: SECOND }],
})
await applySettings(db, admins, { sealer: gate.sealer, at: NOON })
const PEOPLE = 30
const header =
  'loan_no,borrower_no,name,phone,principal_outstanding,overdue_principal,oldest_unpaid_due_on,as_of'
const people = Array.from({ length: PEOPLE }, (_, n) => {
  const number = String(n + 100)
  return `P${number},Q${number},某某,19900000${number},900.00,300.00,2026-05-20,2026-05-31`
})
await load(db, { kind: 'loans', text: `${[header, ...people].join('\n')}\n` })
await runCycle({ db, reactions, asOf: day('2026-06-01'), at: NOON })

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const RULE = {
  ...{ portfolio: 'main', kind: 'transfer', currency: 'CNY', amountMinor: 500 },
  ...{ budgetMinor: 5000, fromOn: '2026-06-01', untilOn: '2026-06-30' },
  ...{ activity: '按时还款奖励', reward: '按约定日期还款' },
}
const grantShape = z.object({
  id: z.string(),
  state: z.string(),
  amountMinor: z.int(),
  confirm: z.object({ package: z.string() }).nullable(),
})
let keys = 0

async function admin(path: string, body: object, key: string = KEYS.admin) {
  keys += 1
  return call(path, { key, body, once: `k${keys}` })
}
async function aRule(name: string, change: object = {}, isApproved = true): Promise<string> {
  const made = await admin('POST /api/v1/incentives/rules', { ...RULE, name, ...change })
  assert.equal(made.status, 201, made.bytes.toString())
  const path = `POST /api/v1/incentives/rules/${String(made.json.id)}/approvals`
  const words = { reward: RULE.reward }
  for (const key of isApproved ? [KEYS.admin, SECOND] : [])
    assert.equal((await admin(path, words, key)).status, 201)
  return String(made.json.id)
}
async function promise(caseId: string): Promise<void> {
  const body = {
    caseId,
    amountMinor: 1000,
    currency: 'CNY',
    dueOn: '2026-06-05',
    source: 'message',
  }
  const made = await call('POST /api/v1/promises', { body })
  assert.equal(made.status, 201, made.bytes.toString())
}
async function pay(loanNo: string, eventNo: string, change: object = {}): Promise<void> {
  const effectiveOn = '2026-06-01'
  const body = { loanNo, eventNo, kind: 'paid', effectiveOn, amountMinor: 1000, ...change }
  const answer = await call('POST /api/v1/ledger-events', { body })
  assert.equal(answer.status, 201, answer.bytes.toString())
}
const reverse = (loanNo: string, eventNo: string) =>
  pay(loanNo, `${eventNo}-back`, { kind: 'reversed', reverses: eventNo, amountMinor: undefined })

async function grantsOf(caseId: string) {
  const answer = await call(`GET /api/v1/cases/${caseId}/incentives`)
  return z.array(grantShape).parse(answer.json.items)
}
async function only(caseId: string) {
  const grants = await grantsOf(caseId)
  assert.equal(grants.length, 1)
  return required(grants[0], 'grant')
}
async function take(id: string) {
  keys += 1
  const path = `POST /api/v1/incentives/grants/${id}/take`
  return call(path, { body: { openid: 'o-made-up' }, once: `t${keys}` })
}
/** A kept promise of somebody new, and its one grant. */
async function aGrant(n: number) {
  const loanNo = `P${100 + n}`
  const caseId = await caseOf(db, `Q${100 + n}`)
  await promise(caseId)
  await pay(loanNo, 'first')
  return { loanNo, caseId, id: (await only(caseId)).id }
}
async function sweepLater(ms = 2 * MINUTE_MS): Promise<void> {
  clock.set(clock.now() + ms)
  await sweepGrants(payments)
}
async function numberOf(id: string): Promise<string> {
  const [row] = await db.query<{ n: string }>(
    'select out_bill_no as n from incentive_grant where incentive_grant_id = $1',
    [id],
  )
  return required(row, 'grant').n
}
const paidOut = () =>
  [...server.state.transfers.values()].filter(({ state }) => state === 'SUCCESS').length
const placed = () => server.state.calls.get('POST /v3/fund-app/mch-transfer/transfer-bills') ?? 0

let sceneId = ''

describe('off until two people allow it', () => {
  test('a kept promise earns nothing without an active rule; one approval, or the same twice, is none', async () => {
    const caseId = await caseOf(db, 'Q100')
    const without = await admin('POST /api/v1/incentives/rules', { ...RULE, name: 'no scene' })
    assert.equal(problemOf(without), '422 incentive.no_scene sceneId')
    const approval = {
      approvalReference: '2026-05 written approval',
      approvalSha256: 'a'.repeat(64),
    }
    const scene = await admin('POST /api/v1/incentives/scenes', {
      ...{ account: 'pay', scene: '1000', ...approval },
    })
    sceneId = String(scene.json.id)
    const ruleId = await aRule('spring', { sceneId }, false)
    const path = `POST /api/v1/incentives/rules/${ruleId}/approvals`
    const words = { reward: RULE.reward }
    assert.equal((await admin(path, words)).json.state, 'draft')
    assert.equal(problemOf(await admin(path, words)), '422 incentive.same_person id')
    assert.equal(
      problemOf(await admin(path, { reward: '还款' }, SECOND)),
      '422 incentive.bad_text reward',
    )
    await promise(caseId)
    await pay('P100', 'first')
    assert.deepEqual(await grantsOf(caseId), [])
    await assert.rejects(db.run(`update incentive_rule set state = 'active'`), /two people/)
    assert.equal((await admin(path, words, SECOND)).json.state, 'active')
    await assert.rejects(db.run('update incentive_rule set budget_minor = 9000000'), /as it stands/)
    assert.deepEqual(await grantsOf(caseId), [])
  })

  test('never for silence or new borrowing, under pressure, or under a text that is not true', async () => {
    const faults = [
      '不投诉奖励还款',
      '还款后再借优先',
      '最后机会还款',
      '新春红包',
      'repay and stay silent',
    ]
    for (const reward of faults) {
      const refused = await admin('POST /api/v1/incentives/rules', {
        ...{ ...RULE, name: reward, sceneId, reward },
      })
      assert.equal(problemOf(refused), '422 incentive.bad_text reward', reward)
    }
  })
})

describe('exactly once', () => {
  test('one for a kept promise, whatever is paid after; taken twice it is one transfer; confirmed it is paid', async () => {
    const { loanNo, caseId, id } = await aGrant(1)
    await pay(loanNo, 'second')
    await only(caseId)
    const taken = await Promise.all(Array.from({ length: 10 }, () => take(id)))
    assert.ok(taken.every(({ status }) => status === 200))
    const grant = await only(caseId)
    assert.equal(grant.state, 'waiting')
    assert.ok(grant.confirm !== null)
    assert.equal(server.state.transfers.size, 1)
    server.misbehave({ isCallbackDoubled: true })
    await server.confirm(await numberOf(id))
    server.misbehave({ isCallbackDoubled: false })
    assert.equal((await only(caseId)).state, 'paid')
    assert.equal(problemOf(await take(id)), '409 incentive.not_to_take id')
    assert.equal(paidOut(), 1)
  })

  test('when we die between the number and the call, the call is made under that number', async () => {
    const { caseId, id } = await aGrant(2)
    server.misbehave({ dropBeforeNext: 1 })
    await take(id)
    assert.equal((await only(caseId)).state, 'placing')
    const number = await numberOf(id)
    await sweepLater()
    assert.equal((await only(caseId)).state, 'waiting')
    assert.equal(await numberOf(id), number)
    assert.ok(server.state.transfers.has(number))
  })

  test('when we die between the call and its answer, the transfer is found and not made again', async () => {
    const { caseId, id } = await aGrant(3)
    server.misbehave({ lostAnswerNext: 1 })
    await take(id)
    const [before, transfers] = [placed(), server.state.transfers.size]
    await server.confirm(await numberOf(id))
    await db.run(`update incentive_grant set state = 'placing' where incentive_grant_id = $1`, [id])
    await sweepLater()
    assert.equal((await only(caseId)).state, 'paid')
    assert.deepEqual([placed(), server.state.transfers.size], [before, transfers])
  })

  test('a transfer that nobody confirms within a day is over, and may be taken again: one is paid', async () => {
    const { caseId, id } = await aGrant(4)
    await take(id)
    const [first, paidBefore] = [await numberOf(id), paidOut()]
    await sweepLater(25 * HOUR_MS)
    assert.equal((await only(caseId)).state, 'granted')
    assert.equal(await server.confirm(first), false)
    await take(id)
    assert.notEqual(await numberOf(id), first)
    await server.confirm(await numberOf(id))
    assert.equal((await only(caseId)).state, 'paid')
    assert.equal(paidOut(), paidBefore + 1)
    clock.set(NOON)
  })
})

describe('reversal', () => {
  test('a payment that is taken back takes the grant back: before it is taken, while it waits, and after', async () => {
    const [untaken, waiting, gone] = [await aGrant(5), await aGrant(6), await aGrant(7)]
    await take(waiting.id)
    await take(gone.id)
    await server.confirm(await numberOf(gone.id))
    for (const { loanNo } of [untaken, waiting, gone]) await reverse(loanNo, 'first')
    const states = async () =>
      Promise.all([untaken, waiting, gone].map(async (each) => (await only(each.caseId)).state))
    assert.deepEqual(await states(), ['withdrawn', 'withdrawing', 'owed-back'])
    assert.equal(problemOf(await take(untaken.id)), '409 incentive.not_to_take id')
    await sweepLater()
    assert.deepEqual(await states(), ['withdrawn', 'withdrawn', 'owed-back'])
    assert.equal(server.state.transfers.get(await numberOf(waiting.id))?.state, 'CANCELLED')
    for (const { loanNo } of [untaken, gone]) await pay(loanNo, 'again')
    assert.deepEqual(await states(), ['granted', 'withdrawn', 'paid'])
  })

  test('one that is confirmed while it is recalled is owed back, not called withdrawn', async () => {
    const { loanNo, caseId, id } = await aGrant(8)
    await take(id)
    await reverse(loanNo, 'first')
    server.misbehave({ isCallbackLost: true })
    await server.confirm(await numberOf(id))
    server.misbehave({ isCallbackLost: false })
    await sweepLater()
    assert.equal((await only(caseId)).state, 'owed-back')
  })
})

test('a waiver is booked in the ledger once, and out of it again', async () => {
  await db.run(`update incentive_rule set state = 'ended'`)
  await aRule('waiver', { kind: 'waiver', amountMinor: 700, budgetMinor: 2000 })
  const { loanNo, caseId } = await aGrant(9)
  const waived = async () => {
    const [row] = await db.query<{ n: number }>(
      `select count(*)::integer as n from ledger_event e join loan l using (borrower_id, loan_id)
       where l.loan_no = $1 and e.kind = 'waived' and not exists (select 1 from ledger_event r
         where r.borrower_id = e.borrower_id and r.loan_id = e.loan_id and r.reverses = e.event_no)`,
      [loanNo],
    )
    return row?.n
  }
  await sweepLater()
  await sweepLater()
  assert.deepEqual([await waived(), (await only(caseId)).state], [1, 'paid'])
  await reverse(loanNo, 'first')
  await sweepLater()
  assert.deepEqual([await waived(), (await only(caseId)).state], [0, 'withdrawn'])
})

test('twenty promises kept at once never grant more than the budget, nor leave any of it', async () => {
  await db.run(`update incentive_rule set state = 'ended'`)
  const ruleId = await aRule('race', { sceneId, budgetMinor: 2600 })
  clock.set(instant(NOON))
  const range = Array.from({ length: 20 }, (_, n) => n + 10)
  for (const n of range) await promise(await caseOf(db, `Q${100 + n}`))
  await Promise.all(range.map((n) => pay(`P${100 + n}`, 'first')))
  const [row] = await db.query<{ n: number; total: string }>(
    `select count(*)::integer as n, sum(amount_minor) as total from incentive_grant where incentive_rule_id = $1`,
    [ruleId],
  )
  assert.deepEqual([row?.n, Number(row?.total)], [5, 2500])
})

test('nothing failed on our side, and no number of the platform or of a person is in an event', async () => {
  assert.deepEqual(api.failures, [])
  const told = await db.query(`select 1 from outbox where payload::text like '%o-made-up%'`)
  assert.deepEqual(told, [])
})
