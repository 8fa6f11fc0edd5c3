import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { after, test } from 'node:test'
import { Secret } from '@dunlin/kernel'
import { type EslServer, startEslServer } from '../../../../sandbox/src/index.ts'
import { type CallOutcome, type Calls, createCalls } from './calls.ts'
import { type EslLink, openEslLink } from './esl-link.ts'
import { eslSettings } from './esl-settings.ts'
import { LINE_OF_CAUSE } from './line-outcome.ts'

const NUMBER = '19900001234'
const PLAN = {
  ...{ gateway: 'carrier', callerNumber: '106900001' },
  ...{ application: 'park()', ringSeconds: 25, talkSecondsMax: 240 },
}

test('a call is dialled under the id that it had before, and its one outcome is told', async () => {
  const made = await start()
  const order = anOrder()
  assert.equal((await made.calls.dial(order)).kind, 'answered')
  assert.deepEqual(await made.next(), { callId: order.callId, line: 'connected' })
  assert.deepEqual(made.server.dialled(), [
    { callId: order.callId, to: NUMBER, from: PLAN.callerNumber },
  ])
  assert.equal(made.calls.followed(), 0)
})

test('the line of every cause comes through, in both orders of the two ends, doubled and in pieces', async () => {
  const made = await start()
  for (const [cause, { line }] of Object.entries(LINE_OF_CAUSE)) {
    for (const isJobFirst of [true, false]) {
      made.server.misbehave({ cause, isAnswered: false, isJobFirst, isEventDoubled: true })
      made.server.misbehave({ isInPieces: isJobFirst })
      const order = anOrder()
      await made.calls.dial(order)
      assert.deepEqual(await made.next(), { callId: order.callId, line })
    }
  }
  made.server.misbehave({ isAnswered: true, amdResult: 'MACHINE' })
  await made.calls.dial(anOrder())
  assert.equal((await made.next()).line, 'voicemail')
  assert.equal(made.told.length, 2 * Object.keys(LINE_OF_CAUSE).length + 1)
})

test('a line cut in the middle of a call loses no outcome that is still to come', async () => {
  const made = await start()
  made.server.misbehave({ isHeld: true, cause: 'NORMAL_CLEARING' })
  const order = anOrder()
  await made.calls.dial(order)
  await made.reconnected(() => made.server.dropConnections())
  assert.equal(made.calls.followed(), 1)
  made.server.endCalls()
  assert.deepEqual(await made.next(), { callId: order.callId, line: 'connected' })
  assert.equal(made.server.dialled().length, 1)
})

test('a call that ended while nobody listened is unknown, once, and is not dialled again', async () => {
  const made = await start()
  made.server.misbehave({ isHeld: true })
  const order = anOrder()
  await made.calls.dial(order)
  made.server.dropConnections()
  made.server.endCalls()
  assert.deepEqual(await made.next(), { callId: order.callId, line: 'unknown' })
  assert.equal(made.server.dialled().length, 1)
})

test('an order whose reply was lost is unknown, followed, and never dialled a second time', async () => {
  for (const fault of [{ dropAfterNext: 1 }, { silentNext: 1 }]) {
    const made = await start()
    made.server.misbehave({ ...fault, isHeld: true })
    const order = anOrder()
    assert.equal((await made.calls.dial(order)).kind, 'unknown')
    await assert.rejects(made.calls.dial(order), RangeError)
    assert.equal(await made.link.whenReady(2000), true)
    made.server.endCalls()
    assert.equal((await made.next()).callId, order.callId)
    assert.equal(made.server.dialled().length, 1)
  }
})

test('an order that was lost before FreeSWITCH read it ends as unknown with nothing dialled', async () => {
  for (const fault of [{ dropBeforeNext: 1 }, { garbageNext: 1 }]) {
    const made = await start()
    made.server.misbehave(fault)
    const order = anOrder()
    assert.equal((await made.calls.dial(order)).kind, 'unknown')
    assert.deepEqual(await made.next(), { callId: order.callId, line: 'unknown' })
    assert.deepEqual(made.server.dialled(), [])
  }
})

test('a process that begins after another died follows its calls and dials nothing', async () => {
  const server = await aServer()
  const first = await start(server)
  server.misbehave({ isHeld: true, cause: 'USER_BUSY', isAnswered: false })
  const order = anOrder()
  await first.calls.dial(order)
  first.link.close()
  const second = await start(server)
  await second.calls.follow([order.callId])
  server.endCalls()
  assert.deepEqual(await second.next(), { callId: order.callId, line: 'busy' })
  assert.equal(server.dialled().length, 1)
  assert.equal(first.told.length, 0)
})

test('a refused order is told as refused and nothing is followed', async () => {
  const made = await start()
  made.server.misbehave({ refuseNext: 1 })
  const refused = await made.calls.dial(anOrder())
  assert.equal(refused.kind, 'refused')
  assert.equal(JSON.stringify(refused).includes(NUMBER), false)
  assert.equal(made.calls.followed(), 0)
})

test('no number and no plan can carry a command of its own', async () => {
  const made = await start()
  for (const number of ['1990000 &system(x)', '1\n\napi shutdown', '{a=b}1990', '']) {
    const order = { callId: randomUUID(), number: new Secret(number) }
    assert.equal((await made.calls.dial(order)).kind, 'refused')
  }
  await assert.rejects(made.calls.dial({ ...anOrder(), callId: 'x,a=b' }), RangeError)
  assert.deepEqual(made.server.dialled(), [])
  const options = { link: made.link, onOutcome: () => undefined, endGraceMs: 10 }
  for (const wrong of [{ gateway: 'a/b' }, { callerNumber: 'x' }, { application: 'system(rm -r)' }])
    assert.throws(() => createCalls({ ...options, plan: { ...PLAN, ...wrong } }), RangeError)
})

test('a password or an address that is refused is not ready, says so, and is tried again', async () => {
  for (const [fault, reason] of [
    [{ refuseAuthNext: 1 }, 'the password was refused'],
    [{ rejectNext: 1 }, 'refused by the access list'],
  ] as const) {
    const server = await aServer()
    server.misbehave(fault)
    const link = aLink(server)
    assert.equal(await link.whenReady(2000), true)
    assert.equal(link.health().lastError, reason)
    assert.equal(link.health().connects, 1)
  }
})

test('a switch whose heart stops beating is taken for dead', async () => {
  const server = await aServer()
  const link = aLink(server, { silenceMaxMs: 150 })
  let connects = 0
  const twice = new EventEmitter()
  link.onReady(() => {
    connects += 1
    if (connects === 2) twice.emit('done')
  })
  await once(twice, 'done')
  assert.equal(link.health().lastError, 'silent for longer than silenceMaxMs')
})

type Made = {
  readonly server: EslServer
  readonly link: EslLink
  readonly calls: Calls
  readonly told: readonly CallOutcome[]
  readonly next: () => Promise<CallOutcome>
  readonly reconnected: (by: () => void) => Promise<void>
}

async function start(given?: EslServer): Promise<Made> {
  const server = given ?? (await aServer())
  const link = aLink(server)
  const told: CallOutcome[] = []
  const news = new EventEmitter()
  let read = 0
  link.onReady(() => news.emit('ready'))
  const calls = createCalls({
    ...{ link, plan: PLAN, endGraceMs: 50 },
    onOutcome: (outcome) => {
      told.push(outcome)
      news.emit('told')
    },
  })
  after(() => calls.close())
  assert.equal(await link.whenReady(2000), true)
  return {
    ...{ server, link, calls, told },
    next: async () => {
      if (told.length === read) await once(news, 'told', { signal: AbortSignal.timeout(5000) })
      const outcome = told[read]
      read += 1
      assert.ok(outcome)
      return outcome
    },
    reconnected: async (by) => {
      const ready = once(news, 'ready', { signal: AbortSignal.timeout(5000) })
      by()
      await ready
    },
  }
}

async function aServer(): Promise<EslServer> {
  const server = await startEslServer({ port: 0, password: 'ClueCon' })
  after(server.close)
  return server
}

function aLink(server: EslServer, change: { silenceMaxMs?: number } = {}): EslLink {
  const settings = eslSettings.parse({
    ...{ host: '127.0.0.1', port: server.port, answerWaitMs: 300, reconnectFirstMs: 20 },
    ...change,
  })
  const link = openEslLink({ settings, password: new Secret('ClueCon') })
  after(link.close)
  return link
}

function anOrder(): { callId: string; number: Secret<string> } {
  return { callId: randomUUID(), number: new Secret(NUMBER) }
}
