import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { required, Secret } from '@dunlin/kernel'
import { startWecomServer } from '../../sandbox/src/index.ts'
import { applyReceipts } from './contact/apply-receipts.ts'
import { dispatchDue } from './contact/index.ts'
import { aClock, aGate, aRoute, utc } from './contact/test-gate.ts'
import {
  type ConversationContext,
  inviteToWecom,
  receiveInbound,
  receiveReceipts,
} from './conversations/index.ts'
import { aPortfolio, day, LOANS, load } from './loanbook/test-book.ts'
import { openTestDatabase } from './platform/db/test-database.ts'
import { createReactions } from './platform/events/index.ts'
import { createApp } from './platform/http/index.ts'
import { runCycle } from './strategy/run-cycle.ts'
import { openProvider } from './wire-providers.ts'
import { wireReactions } from './wire-reactions.ts'
import { openWecomApi, openWecomDoor, routeWecomCallbacks } from './wire-wecom.ts'

const AT = utc('2026-05-31T07:00:00Z')
const SECRETS = { corpSecret: 'secret', callbackToken: 'tok', encodingAesKey: 'B'.repeat(43) }
const MEMBER = 'LiMing'
const CUSTOMER = 'wmBorrower0001'
const KF = 'wkService1'

/** A book with one open case, a WeCom corp beside it, and the product's own door in front of its callbacks. */
async function aCorp() {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await load(db, { kind: 'loans', text: LOANS })
  const reactions = createReactions()
  const gate = await aGate(reactions)
  const { sealer } = gate
  wireReactions(reactions, sealer)
  await runCycle({ db, reactions, asOf: day('2026-05-31'), at: AT })
  await db.run('delete from attempt')
  await db.run(`update portfolio set packs = '{cn,wecom}'`)
  await db.run(`insert into agent (login, display_name, certified_until_on, trained_on)
    values ('li', '李明', '2027-01-01', '2026-01-31')`)
  const clock = aClock(AT)
  const app = await createApp({
    version: '0',
    onFailure: (error) => {
      throw error
    },
  })
  const arrived: { to: string; text: string }[] = []
  const door = { url: '' }
  const server = await startWecomServer({
    port: 0,
    clock,
    corpId: 'ww1',
    corpSecret: SECRETS.corpSecret,
    members: [MEMBER],
    kfAccounts: [KF],
    callback: { ...SECRETS, token: SECRETS.callbackToken, url: () => door.url },
    onText: (message) => arrived.push(message),
  })
  const settings = {
    ...{ apiUrl: server.url, corpId: 'ww1', answerWaitMs: 500 },
    ...{ members: { li: MEMBER }, kfAccounts: [KF] },
  }
  const [account] = await db.query<{ provider_account_id: string }>(
    `insert into provider_account (name, channel, adapter, collection_content, settings, sealed_secrets)
     values ('corp', 'wecom', 'wecom', true, $1, $2) returning provider_account_id`,
    [JSON.stringify(settings), sealer.seal(JSON.stringify(SECRETS))],
  )
  const accountId = required(account, 'account').provider_account_id
  routeWecomCallbacks(app, await openWecomDoor({ db, sealer, clock }))
  door.url = `${await app.listen({ host: '127.0.0.1', port: 0 })}/callbacks/wecom/corp`
  const context: ConversationContext = {
    ...{ db, sealer, reactions, stopWords: ['R', '退订'], countryCode: '86' },
    receipts: (tx, receipts) => applyReceipts(tx, reactions, receipts),
  }
  const row = {
    ...{ accountId, name: 'corp', adapter: 'wecom' as const, settings, collectionContent: true },
    secrets: new Secret(SECRETS),
  }
  const provider = openProvider(row, {
    ...{ clock, sealer, db },
    handlers: {
      onInbound: (item) => receiveInbound(context, item),
      onReceipts: (batch) => receiveReceipts(context, batch),
    },
  })
  after(async () => {
    await app.close()
    await server.close()
  })
  const outlet = {
    ...{ kind: 'wecom' as const, channel: provider.channel },
    ...{ isLoopback: true, unsubscribeMailbox: null, route: aRoute() },
  }
  const [open] = await db.query<{ case_id: string; borrower_id: string; portfolio_id: string }>(
    `select case_id, borrower_id, portfolio_id from collection_case where state = 'open' order by case_id limit 1`,
  )
  const of = required(open, 'case')
  const api = openWecomApi(row, clock)
  return {
    ...{ db, reactions, clock, server, arrived, of, accountId, door },
    invite: (way: 'qr' | 'link' | 'kf') =>
      inviteToWecom(
        { db, api },
        {
          ...{ accountId, caseId: of.case_id, way, at: clock.now() },
          through: way === 'kf' ? KF : MEMBER,
        },
      ),
    dispatch: () => dispatchDue({ db, gate, outlets: [outlet], now: clock.now }),
    work: async (name: string) => {
      const chores = provider.chores?.filter((each) => each.name.replace(' service', '') === name)
      for (const chore of required(chores, name)) await chore.work()
    },
  }
}
type Corp = Awaited<ReturnType<typeof aCorp>>

async function tokenOf({ db }: Corp): Promise<string> {
  const [row] = await db.query<{ token: string }>(
    'select token from wecom_invite order by wecom_invite_id desc limit 1',
  )
  return required(row, 'invite').token
}

/** The borrower adds the member by a code made for the case. */
async function added(corp: Corp): Promise<void> {
  const invited = await corp.invite('qr')
  assert.ok(invited.ok)
  const state = await tokenOf(corp)
  assert.ok(await corp.server.add({ userid: MEMBER, externalUserid: CUSTOMER, state }))
  await corp.work('wecom callbacks')
}

async function plan({ db, of, clock }: Corp, via: 'mass' | 'kf'): Promise<void> {
  await db.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose,
       template, state, due_at, actor_kind)
     select $1, '2026-05-31', $2, $3, contact_point_id, 'wecom', 'outbound', 'collect', 'cn-wecom-reminder', 'planned', $4, 'robot'
     from wecom_contact where borrower_id = $1 and via = $5`,
    [
      of.borrower_id,
      of.case_id,
      of.portfolio_id,
      Temporal.Instant.fromEpochMilliseconds(clock.now()).toString(),
      via,
    ],
  )
}

async function attempts({ db }: Corp): Promise<string[]> {
  const rows = await db.query<{ word: string }>(
    `select concat_ws(' ', coalesce(via, '-'), actor_kind, state, line, reason) as word from attempt
     where direction = 'outbound' order by attempt_id`,
  )
  return rows.map(({ word }) => word)
}

async function holds({ db }: Corp): Promise<string[]> {
  const rows = await db.query<{ word: string }>(
    `select concat_ws(' ', kind, channel, reason) as word from hold order by hold_id`,
  )
  return rows.map(({ word }) => word)
}

test('code → added → bound to the case → welcome → reminder that the member confirms → delivered', async () => {
  const corp = await aCorp()
  await added(corp)
  const way = [...corp.server.state.ways.values()][0]
  assert.match(way?.state ?? '', /^[A-Za-z0-9_-]{24}$/)
  assert.equal((await corp.dispatch()).sent, 1)
  assert.equal(corp.arrived.length, 1)
  assert.match(corp.arrived[0]?.text ?? '', /客户服务/)
  assert.doesNotMatch(corp.arrived[0]?.text ?? '', /元|欠|逾期/)

  await plan(corp, 'mass')
  assert.equal((await corp.dispatch()).sent, 1)
  const [task] = corp.server.state.tasks.values()
  assert.equal(corp.arrived.length, 1, 'nothing leaves before the member confirms')
  await corp.work('wecom tasks')
  assert.deepEqual(await attempts(corp), ['chat robot sent', 'mass agent sent'])
  assert.equal(corp.server.confirm(task?.msgid ?? ''), 1)
  await corp.work('wecom tasks')
  assert.deepEqual(await attempts(corp), ['chat robot sent', 'mass agent sent delivered'])
  assert.match(corp.arrived[1]?.text ?? '', /应还[\d,.]+元，请于\d+月\d+日前还款/)
})

test('a second mass message on the same day waits; without a certificate the member may not', async () => {
  const corp = await aCorp()
  await added(corp)
  await plan(corp, 'mass')
  await corp.dispatch()
  await plan(corp, 'mass')
  const second = await corp.dispatch()
  assert.deepEqual([second.sent, second.deferred], [0, 1])
  await corp.db.run('update agent set certified_until_on = null')
  corp.clock.set(utc('2026-06-02T07:00:00Z'))
  const third = await corp.dispatch()
  assert.deepEqual([third.sent, third.refused], [0, 1])
})

test('a task that nobody confirmed in its time, or that became unwanted, is taken back', async () => {
  const corp = await aCorp()
  await added(corp)
  await plan(corp, 'mass')
  await corp.dispatch()
  const [task] = corp.server.state.tasks.values()
  corp.clock.set(AT + 11 * 60_000)
  await corp.work('wecom tasks')
  assert.equal(task?.isCancelled, true)
  assert.equal(corp.server.confirm(task?.msgid ?? ''), 0)
  assert.deepEqual((await attempts(corp)).at(-1), 'mass agent sent failed')

  await plan(corp, 'mass')
  assert.equal((await corp.dispatch()).sent, 1)
  await corp.db.transaction((tx) => {
    const payload = {
      ...{ caseId: '0', portfolioId: '1', currency: 'CNY', state: 'closed' as const },
      ...{ arrearsMinor: 0, outstandingMinor: 0, agesFromOn: null, heldDpd: null },
      ...{ nextDueOn: null, nextDueMinor: 0 },
    }
    const event = { name: 'case.cured' as const, borrowerId: corp.of.borrower_id, payload }
    return corp.reactions.publish(tx, [event], corp.clock.now())
  })
  await corp.work('wecom tasks')
  assert.deepEqual(
    [...corp.server.state.tasks.values()].map(({ isCancelled }) => isCancelled),
    [true, true],
  )
})

test('a task whose answer was lost is found and taken back, and never made again', async () => {
  const corp = await aCorp()
  await added(corp)
  await corp.dispatch()
  await plan(corp, 'mass')
  corp.server.misbehave({ dropAfterNext: 1 })
  assert.equal((await corp.dispatch()).unknown, 1)
  const [task] = corp.server.state.tasks.values()
  assert.equal(task?.isCancelled, false)
  corp.clock.set(AT + 2 * 60_000)
  await corp.work('wecom lost tasks')
  await corp.work('wecom tasks')
  assert.equal(task?.isCancelled, true)
  assert.equal(corp.server.state.tasks.size, 1)
  assert.deepEqual((await attempts(corp)).at(-1), 'mass agent unknown unknown provider.unknown')
})

test('a borrower who deletes the member has opted out before the platform asks again', async () => {
  const corp = await aCorp()
  await added(corp)
  assert.ok(await corp.server.deleteMember(MEMBER, CUSTOMER))
  await corp.work('wecom callbacks')
  assert.deepEqual(await holds(corp), ['channel-stop wecom deletion'])
  await plan(corp, 'mass')
  assert.equal((await corp.dispatch()).refused, 2, 'the welcome and the reminder')
  assert.equal(corp.server.state.tasks.size, 0)
  assert.equal(corp.arrived.length, 0)
})

test('customer service: link → entered → writes → conversation → five answers in 48 hours and no sixth', async () => {
  const corp = await aCorp()
  assert.ok((await corp.invite('kf')).ok)
  const visit = { openKfid: KF, externalUserid: 'wmKf1', sceneParam: await tokenOf(corp) }
  assert.ok(await corp.server.enter(visit))
  await corp.work('wecom callbacks')
  await corp.dispatch()
  assert.match(corp.arrived[0]?.text ?? '', /客户服务/)
  assert.ok(await corp.server.write({ ...visit, text: '我这个月有困难，能分期吗' }))
  await corp.work('wecom callbacks')
  const [thread] = await corp.db.query(`select state from conversation where state = 'open'`)
  assert.deepEqual(thread, { state: 'open' })
  for (let count = 0; count < 6; count += 1) {
    corp.clock.set(corp.clock.now() + 1000)
    await plan(corp, 'kf')
    await corp.dispatch()
  }
  const sent = (await attempts(corp)).filter((word) => word.startsWith('kf robot sent'))
  assert.equal(sent.length, 5)
  assert.equal((await attempts(corp)).at(-1), 'kf robot refused cn.wecom.kf-window')
  assert.equal(corp.arrived.length, 1 + sent.length)
  corp.clock.set(AT + 49 * 3_600_000)
  await plan(corp, 'kf')
  await corp.dispatch()
  assert.equal(corp.arrived.length, 1 + sent.length)
})

test('«never contact me on WeChat» stops WeChat at once, opens a conversation, and stops nothing else', async () => {
  const corp = await aCorp()
  assert.ok((await corp.invite('kf')).ok)
  const visit = { openKfid: KF, externalUserid: 'wmKf1', sceneParam: await tokenOf(corp) }
  await corp.server.enter(visit)
  await corp.server.write({ ...visit, text: '以后不要再用微信联系我！' })
  await corp.work('wecom callbacks')
  assert.deepEqual(await holds(corp), ['channel-stop wecom stop-word'])
  const [open] = await corp.db.query<{ count: number }>(
    `select count(*)::int as count from conversation where state = 'open'`,
  )
  assert.equal(open?.count, 1)
})

test('a message pushed and read twice is one; a forged callback is refused; a stranger is bound to nobody', async () => {
  const corp = await aCorp()
  await corp.invite('kf')
  const visit = { openKfid: KF, externalUserid: 'wmKf1', sceneParam: await tokenOf(corp) }
  corp.server.misbehave({ isCallbackDoubled: true })
  await corp.server.enter(visit)
  await corp.server.write({ ...visit, text: '你好' })
  await corp.work('wecom callbacks')
  await corp.db.run(`update wecom_kf_cursor set cursor = ''`)
  await corp.db.run('update provider_callback set processed_at = null, due_at = received_at')
  await corp.work('wecom callbacks')
  const [found] = await corp.db.query<{ messages: number; callbacks: number }>(
    `select (select count(*)::int from message) as messages, (select count(*)::int from provider_callback) as callbacks`,
  )
  assert.deepEqual(found, { messages: 1, callbacks: 2 })

  corp.server.misbehave({ isCallbackDoubled: false, badSignatureNext: 3 })
  assert.equal(await corp.server.deleteMember(MEMBER, CUSTOMER), false)
  await corp.server.add({ userid: MEMBER, externalUserid: 'wmStranger', state: 'no-such-token' })
  await corp.work('wecom callbacks')
  const [bound] = await corp.db.query<{ count: number }>(
    `select count(*)::int as count from wecom_contact where via = 'mass'`,
  )
  assert.equal(bound?.count, 0)
})

test('the platform checks the URL and gets back what it encrypted; nobody else does', async () => {
  const corp = await aCorp()
  const answer = await fetch(`${corp.door.url}?msg_signature=x&timestamp=1&nonce=2&echostr=AAAA`)
  assert.equal(answer.status, 403)
})

test('a second outsider freezes a service group for good', async () => {
  const corp = await aCorp()
  const members = [
    { userid: MEMBER, type: 1 as const },
    { userid: CUSTOMER, type: 2 as const },
  ]
  const frozen = async (): Promise<unknown> => {
    await corp.work('wecom callbacks')
    const [row] = await corp.db.query(
      'select outsiders, frozen_at is not null as frozen from wecom_group',
    )
    return row
  }
  await corp.server.setGroup('wrGroup1', members)
  assert.deepEqual(await frozen(), { outsiders: 1, frozen: false })
  corp.clock.set(AT + 1000)
  await corp.server.setGroup('wrGroup1', [...members, { userid: 'wmOther', type: 2 }])
  assert.deepEqual(await frozen(), { outsiders: 2, frozen: true })
  corp.clock.set(AT + 2000)
  await corp.server.setGroup('wrGroup1', members)
  assert.deepEqual(await frozen(), { outsiders: 1, frozen: true })
})
