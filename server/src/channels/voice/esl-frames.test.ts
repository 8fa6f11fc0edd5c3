import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEslCutter, encodeEslCommand, readPlainEvent } from './esl-frames.ts'

// Five frames as FreeSWITCH 1.10.12 sent them, and one made after them with letters of three bytes in its body.
const RECORDED = Buffer.from(
  'Content-Type: auth/request\n\n' +
    'Content-Type: command/reply\nReply-Text: +OK accepted\n\n' +
    'Content-Type: api/response\nContent-Length: 31\n\n-ERR nosuch Command not found!\n' +
    'Content-Type: command/reply\nReply-Text: -ERR invalid\n\n' +
    'Content-Type: text/disconnect-notice\nContent-Length: 67\n\n' +
    'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n' +
    'Content-Length: 6\nContent-Type: api/response\n\n空号',
)
const BODIES = [
  '',
  '',
  '-ERR nosuch Command not found!\n',
  '',
  'Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n',
  '空号',
]

test('the same frames come out whatever the size of the pieces, none before it is whole', () => {
  for (let size = 1; size <= RECORDED.length; size += 1) {
    const cut = createEslCutter()
    const bodies: string[] = []
    for (let at = 0; at < RECORDED.length; at += size) {
      for (const frame of cut(RECORDED.subarray(at, at + size))) bodies.push(frame.body)
    }
    assert.deepEqual(bodies, BODIES)
  }
  assert.equal(createEslCutter()(RECORDED.subarray(0, -1)).length, BODIES.length - 1)
})

test('values of a plain event are decoded, the body after its blank line is left as it is', () => {
  const event = readPlainEvent(
    'Event-Name: BACKGROUND_JOB\nChannel-Name: sofia/ext/100%40127.0.0.1%3A5080\nContent-Length: 15\n\n-ERR USER_BUSY\n',
  )
  assert.equal(event.headers.get('Event-Name'), 'BACKGROUND_JOB')
  assert.equal(event.headers.get('Channel-Name'), 'sofia/ext/100@127.0.0.1:5080')
  assert.equal(event.body, '-ERR USER_BUSY\n')
})

test('a stream without a boundary is given up, never kept growing', () => {
  assert.throws(() => createEslCutter()(Buffer.alloc(20_000, 'a')), RangeError)
  for (const length of ['-1', 'many', '9999999']) {
    assert.throws(() => createEslCutter()(Buffer.from(`Content-Length: ${length}\n\n`)), RangeError)
  }
})

test('no value can smuggle a second command in', () => {
  assert.equal(encodeEslCommand(['auth secret']).toString(), 'auth secret\n\n')
  for (const line of ['', 'api status\n\napi shutdown', 'api\rstatus']) {
    assert.throws(() => encodeEslCommand([line]), RangeError)
  }
})
