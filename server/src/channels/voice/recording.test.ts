import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { after, test } from 'node:test'
import { Secret } from '@dunlin/kernel'
import { createCalls } from './calls.ts'
import { type EslEvent, readEnd, readEvent } from './esl-event.ts'
import { createEslCutter, type EslFrame } from './esl-frames.ts'
import { openEslLink } from './esl-link.ts'
import { eslSettings } from './esl-settings.ts'
import { lineOf } from './line-outcome.ts'

// What FreeSWITCH 1.10.12 wrote, byte for byte; each part follows a line that names it.
const RECORDED = readFileSync(
  new URL('./recorded/freeswitch-1.10.12.txt', import.meta.url),
).toString('latin1')
const OUR_CALL = '11111111-1111-4111-8111-111111111111'

test('every part of the recording is cut into whole frames in pieces of any size', () => {
  for (const [part, frames] of [
    ['answered call life cycle (plain)', 17],
    ['busy (json)', 4],
    ['no answer (json)', 4],
    ['unreachable (json)', 3],
  ] as const) {
    const whole = framesOf(part)
    assert.equal(whole.length, frames, part)
    assert.deepEqual(framesOf(part, 1), whole)
    assert.deepEqual(framesOf(part, 1399), whole)
  }
})

test('an answered call has one end, which is ours and not its far leg’s, with the line «connected»', () => {
  const ended = eventsOf('answered call life cycle (plain)').map(readEnd).filter(isEnd)
  assert.deepEqual(ended, [
    { callId: OUR_CALL, cause: 'NORMAL_CLEARING', isAnswered: true, amdResult: null },
  ])
  assert.deepEqual(ended.map(lineOf), ['connected'])
})

test('the job of a call that was not answered tells the cause that its own leg ended with', () => {
  for (const [part, cause] of [
    ['busy (json)', 'USER_BUSY'],
    ['no answer (json)', 'NO_ANSWER'],
    ['unreachable (json)', 'NORMAL_TEMPORARY_FAILURE'],
  ] as const) {
    const events = eventsOf(part)
    const job = events.find(({ name }) => name === 'BACKGROUND_JOB')
    assert.equal(job?.body, `-ERR ${cause}\n`)
    const leg = events.find(
      ({ name, fields }) =>
        name === 'CHANNEL_HANGUP_COMPLETE' && fields.get('Call-Direction') === 'outbound',
    )
    assert.equal(leg?.fields.get('Hangup-Cause'), cause)
    assert.equal(leg?.fields.get('variable_answer_epoch'), '0')
  }
})

test('a link that is given the recorded session has every reply in its place and the one outcome', async () => {
  for (const size of [1, 997, 1_000_000]) {
    const { link, outcome, calls } = await replay(size)
    const asked = await Promise.all([
      calls.dial({ callId: OUR_CALL, number: new Secret('19900001234') }),
      link.command([`bgapi uuid_record ${OUR_CALL} start /srv/recordings/calls/a.wav`]),
      link.command([`api uuid_getvar ${OUR_CALL} case_id`]),
    ])
    assert.deepEqual(asked, [
      { kind: 'answered', text: '+OK Job-UUID: 22222222-2222-4222-8222-222222222222' },
      { kind: 'answered', text: '+OK Job-UUID: f7ad4232-3169-47e9-9550-f46622c9b33c' },
      { kind: 'answered', text: '42' },
    ])
    assert.deepEqual(await outcome, { callId: OUR_CALL, line: 'connected' })
    assert.equal(link.health().lastError, null)
  }
})

/** A server that writes the recorded bytes of a session, each part when the command that it answered has come. */
async function replay(size: number) {
  const parts = [
    bytesOf('on connect'),
    bytesOf('auth ok'),
    bytesOf('event plain ...'),
    bytesOf('answered call life cycle (plain)'),
  ]
  const server = createServer((socket) => {
    const sayNext = (): void => writeIn(socket, parts.shift() ?? Buffer.alloc(0), size)
    sayNext()
    socket.on('data', sayNext)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  const settings = eslSettings.parse({ host: '127.0.0.1', port: address.port })
  const link = openEslLink({ settings, password: new Secret('ClueCon') })
  after(() => {
    link.close()
    server.close()
  })
  const plan = {
    ...{ gateway: 'ext', callerNumber: '10690001', application: 'park()', ringSeconds: 5 },
    talkSecondsMax: 240,
  }
  const told = Promise.withResolvers<unknown>()
  const calls = createCalls({ link, plan, endGraceMs: 50, onOutcome: told.resolve })
  assert.equal(await link.whenReady(2000), true)
  return { link, calls, outcome: told.promise }
}

function writeIn(socket: Socket, bytes: Buffer, size: number): void {
  for (let at = 0; at < bytes.length; at += size) socket.write(bytes.subarray(at, at + size))
}

function eventsOf(part: string): readonly EslEvent[] {
  return framesOf(part)
    .map(readEvent)
    .filter((event) => event !== null)
}

function framesOf(part: string, size = 1_000_000): readonly EslFrame[] {
  const bytes = bytesOf(part)
  const cut = createEslCutter()
  const frames: EslFrame[] = []
  for (let at = 0; at < bytes.length; at += size) frames.push(...cut(bytes.subarray(at, at + size)))
  return frames
}

function bytesOf(part: string): Buffer {
  const start = RECORDED.indexOf(`===== <- ${part} =====\n`)
  assert.ok(start >= 0, part)
  const from = RECORDED.indexOf('\n', start) + 1
  return Buffer.from(RECORDED.slice(from, RECORDED.indexOf('\n\n=====', from)), 'latin1')
}

function isEnd(end: ReturnType<typeof readEnd>): end is NonNullable<typeof end> {
  return end !== null
}
