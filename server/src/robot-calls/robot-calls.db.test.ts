import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { Secret } from '@dunlin/kernel'
import { startEslServer } from '../../../sandbox/src/index.ts'
import { applyReceipts, dispatchDue, loadTemplates, type Outlet } from '../contact/index.ts'
import { aClock, aGate, aRoute, utc } from '../contact/test-gate.ts'
import { aPortfolio, day, load } from '../loanbook/test-book.ts'
import { reactToMessages } from '../plans/index.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { runCycle } from '../strategy/index.ts'
import { openVoice } from '../wire-voice.ts'
import { createRobotTalk } from './index.ts'

const LOANS = `loan_no,borrower_no,name,id_no,principal_outstanding,overdue_principal,oldest_unpaid_due_on,as_of
L1,B1,王小明,11010119900307123X,1000.00,100.00,2026-04-17,2026-05-31
`
const CONTACTS = `borrower_no,relation,kind,value,source
B1,borrower,phone,19900001234,contract
`
/** Sunday, 31 May 2026, 11:00 in Shanghai. */
const AT = utc('2026-05-31T03:00:00Z')

async function aSwitch(answers: string, change: { isAnswered?: boolean; cause?: string } = {}) {
  const db = await openTestDatabase()
  await aPortfolio(db, 'main', '示例消费金融')
  await load(db, { kind: 'loans', text: LOANS })
  await load(db, { kind: 'contacts', text: CONTACTS })
  const [row] = await db.query<{ id: string }>(
    `insert into provider_account (name, channel, adapter, collection_content) values ('switch', 'robot-call', 'freeswitch', true)
     returning provider_account_id as id`,
  )
  const gate = { ...(await aGate()), templates: await loadTemplates() }
  const { sealer, reactions } = gate
  reactToMessages(reactions, sealer)
  const conversations = {
    ...{ db, sealer, reactions, stopWords: [], countryCode: '86' },
    receipts: (
      tx: Parameters<typeof applyReceipts>[0],
      given: Parameters<typeof applyReceipts>[2],
    ) => applyReceipts(tx, reactions, given),
  }
  const clock = aClock(AT)
  const esl = await startEslServer({ port: 0, password: 'secret' })
  after(() => esl.close())
  esl.misbehave({ answers, ...change })
  const onTrouble = (error: unknown): void => console.error(error)
  const voice = openVoice({
    row: {
      settings: {
        ...{ host: '127.0.0.1', port: esl.port, gateway: 'carrier', callerNumber: '106900001' },
        tts: { engine: 'unimrcp', voices: { 'zh-CN': 'xiaoyun', en: 'emma' } },
        asr: { engine: 'unimrcp', grammar: 'builtin:speech/transcribe' },
        transferTo: 'agents',
      },
      secrets: new Secret({ password: 'secret' }),
    },
    account: { accountId: row?.id ?? '', name: 'switch', collectionContent: true },
    world: { clock, talk: createRobotTalk({ conversations, clock }), onTrouble },
  })
  after(() => voice.channel.close())
  assert.deepEqual(await voice.probe(), { isOk: true, detail: 'logged in' })
  const outlet: Outlet = {
    ...{
      kind: 'robot-call' as const,
      channel: voice.channel,
      isLoopback: true,
      unsubscribeMailbox: null,
    },
    route: aRoute(),
  }
  await runCycle({ db, reactions, asOf: day('2026-05-31'), at: clock.now() })
  await db.query(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose,
       template, step, state, due_at, actor_kind)
     select c.borrower_id, '2026-05-31', c.case_id, c.portfolio_id, p.contact_point_id, 'robot-call', 'outbound', 'collect',
       'cn-m2-robot-call', 'm2-40-robot', 'planned', '2026-05-31T02:00:00Z', 'robot'
     from collection_case c join contact_point p using (borrower_id)`,
  )
  const counts = await dispatchDue({ db, gate, outlets: [outlet], now: clock.now })
  const over = async (): Promise<void> => {
    for (let tries = 0; tries < 500; tries += 1) {
      const [found] = await db.query<{ n: number }>('select count(*)::int as n from outcome')
      if (found?.n === 1) return
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error('no outcome was recorded')
  }
  return { db, esl, counts, over }
}

const said = (esl: Awaited<ReturnType<typeof startEslServer>>) =>
  esl
    .executed()
    .filter(({ app }) => app === 'speak')
    .map(({ argument }) => argument)

test('a robot speaks of a debt to a verified borrower alone, and keeps the promise that it read back', async () => {
  const { db, esl, counts, over } = await aSwitch('1;123*;1;2;1')
  assert.deepEqual([counts.permitted, counts.sent], [1, 1])
  await over()
  const words = said(esl)
  assert.equal(words.length, 6)
  assert.match(
    words[0] ?? '',
    /^unimrcp\|xiaoyun\|您好，我是示例消费金融的智能语音机器人，本次通话会录音。/,
  )
  for (const early of words.slice(0, 2)) assert.doesNotMatch(early, /逾期|100\.00/)
  assert.match(words[2] ?? '', /已逾期\d+天，截至今天应还100\.00元/)
  assert.match(words[4] ?? '', /在三天内还款100\.00元/)
  assert.deepEqual(
    await db.query(
      `select o.line_outcome, o.party_outcome, o.talk_outcome, o.recorded_by, a.state, a.line, a.is_effective
       from outcome o join attempt a using (borrower_id, attempt_id)`,
    ),
    [
      {
        ...{ line_outcome: 'connected', party_outcome: 'right-party', talk_outcome: 'promised' },
        ...{ recorded_by: 'robot', state: 'sent', line: 'connected', is_effective: true },
      },
    ],
  )
  assert.deepEqual(
    await db.query(
      `select source, amount_minor::text as amount, due_on::text, is_read_back from promise`,
    ),
    [{ source: 'robot', amount: '10000', due_on: '2026-06-03', is_read_back: true }],
  )
})

test('nobody whose identity does not fit hears of a debt, and a call of nobody ends by itself', async () => {
  const { db, esl, over } = await aSwitch('1;0000;1111')
  await over()
  assert.match(said(esl).at(-1) ?? '', /信息没有核实/)
  for (const words of said(esl)) assert.doesNotMatch(words, /逾期|100\.00/)
  assert.deepEqual(await db.query('select party_outcome, talk_outcome from outcome'), [
    { party_outcome: null, talk_outcome: null },
  ])
})

for (const { name, answers, holds, health, last } of [
  {
    name: 'a key',
    answers: '9',
    holds: ['channel-stop', 'channel-stop'],
    health: 'ok',
    last: /不会再给您打电话/,
  },
  {
    name: 'words',
    answers: '"以后不要再打电话来了"',
    holds: ['channel-stop', 'channel-stop'],
    health: 'ok',
    last: /不会再给您打电话/,
  },
  { name: 'a wrong number', answers: '3', holds: [], health: 'wrong-person', last: /更正号码/ },
  { name: 'a dispute', answers: '1;123*;3', holds: ['dispute'], health: 'ok', last: /异议已登记/ },
  {
    name: 'a dispute in words',
    answers: '1;"一二三叉";"这笔钱我没有借过，金额不对"',
    holds: ['dispute'],
    health: 'ok',
    last: /会有工作人员处理/,
  },
  {
    name: 'distress',
    answers: '"我不想活了，你们别逼我"',
    holds: ['hardship'],
    health: 'ok',
    last: /会有工作人员处理/,
  },
]) {
  test(`what a person answers acts on the gate before the robot goes on: ${name}`, async () => {
    const { db, esl, over } = await aSwitch(answers)
    await over()
    assert.match(said(esl).at(-1) ?? '', last)
    const found = await db.query<{ kind: string }>('select kind from hold order by kind')
    assert.deepEqual(
      found.map(({ kind }) => kind),
      holds,
    )
    const points = await db.query<{ health: string }>('select health from contact_point')
    assert.deepEqual(points, [{ health }])
    const [thread] = await db.query<{ n: number }>(
      `select count(*)::int as n from message m join attempt a using (borrower_id, attempt_id) where a.channel = 'robot-call' and m.channel = 'robot-call'`,
    )
    assert.equal(thread?.n, 1)
  })
}

test('whoever asks for a person is put through', async () => {
  const { esl, over } = await aSwitch('1;123*;0')
  for (
    let tries = 0;
    tries < 200 && !esl.executed().some(({ app }) => app === 'transfer');
    tries += 1
  )
    await new Promise((resolve) => setTimeout(resolve, 20))
  assert.deepEqual(esl.executed().at(-1)?.argument, 'agents')
  esl.endCalls()
  await over()
})

test('a line that nobody answers is an outcome without a word', async () => {
  const { db, esl, over } = await aSwitch('1', { isAnswered: false, cause: 'USER_BUSY' })
  await over()
  assert.deepEqual(esl.executed(), [])
  assert.deepEqual(
    await db.query('select line, is_effective from attempt where channel = $1', ['robot-call']),
    [{ line: 'busy', is_effective: false }],
  )
})
