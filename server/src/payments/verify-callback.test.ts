import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant, Secret } from '@dunlin/kernel'
import { signCallback, verifyCallback } from './index.ts'

const now = instant(1_780_000_000_000)
const timestamp = '1780000000'
const secret = new Secret('a-secret-of-the-account')
const body = Buffer.from('{"loanNo":"L1"}')
const signature = signCallback(body, { id: 'm1', timestamp, secret })
const given = { secrets: [secret], now }

test('a callback signed with the account’s secret is believed, under its own id', () => {
  assert.deepEqual(verifyCallback(body, { id: 'm1', timestamp, signature }, given), {
    ok: true,
    value: 'm1',
  })
})

test('the published example of the scheme verifies', () => {
  const example = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: '1614265330',
    signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  }
  const known = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  const at = { secrets: [known], now: instant(1_614_265_330_000) }
  assert.equal(verifyCallback(Buffer.from('{"test": 2432232314}'), example, at).ok, true)
})

test('one changed byte, id, time or secret is found', () => {
  const wrong = [
    verifyCallback(Buffer.from('{"loanNo":"L2"}'), { id: 'm1', timestamp, signature }, given),
    verifyCallback(body, { id: 'm2', timestamp, signature }, given),
    verifyCallback(body, { id: 'm1', timestamp: '1780000001', signature }, given),
    verifyCallback(
      body,
      { id: 'm1', timestamp, signature },
      { ...given, secrets: [new Secret('x')] },
    ),
    verifyCallback(body, { id: 'm1', timestamp, signature: 'v1,' }, given),
    verifyCallback(body, { id: 'm1', timestamp, signature: signature.replace('v1', 'v2') }, given),
  ]
  assert.deepEqual(
    wrong.map((each) => (each.ok ? 'believed' : each.refusal.field)),
    wrong.map(() => 'webhook-signature'),
  )
})

test('a recording played back later is refused, and so is what names no id or time', () => {
  const later = { ...given, now: instant(now + 301_000) }
  const fields = [
    verifyCallback(body, { id: 'm1', timestamp, signature }, later),
    verifyCallback(body, { id: undefined, timestamp, signature }, given),
    verifyCallback(body, { id: 'm1', timestamp: 'soon', signature }, given),
  ].map((each) => (each.ok ? 'believed' : each.refusal.field))
  assert.deepEqual(fields, ['webhook-timestamp', 'webhook-id', 'webhook-timestamp'])
})

test('while a secret is changed, both hold', () => {
  const both = { secrets: [new Secret('next'), secret], now }
  assert.equal(verifyCallback(body, { id: 'm1', timestamp, signature }, both).ok, true)
})
