import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Webhook } from 'standardwebhooks'
import { isPrivateAddress } from './private-address.ts'
import { FAILING_MAX_MS, retryDelayMs } from './retry-delay.ts'
import { isSecret, newSecret, signedHeaders } from './sign.ts'

const SECONDS = Math.floor(Temporal.Now.instant().epochMilliseconds / 1000)

test('the library of the specification verifies what we sign, and nothing that was changed', () => {
  for (let round = 0; round < 20; round += 1) {
    const secret = newSecret()
    const body = JSON.stringify({ type: 'case.cured', data: { name: '王', round } })
    const headers = signedHeaders(secret, { id: `evt_${round}`, seconds: SECONDS, body })
    const other = new Webhook(secret)
    assert.deepEqual(other.verify(body, headers), JSON.parse(body))
    assert.throws(() => other.verify(`${body} `, headers))
    assert.throws(() => other.verify(body, { ...headers, 'webhook-id': 'evt_x' }))
    assert.throws(() => other.verify(body, { ...headers, 'webhook-timestamp': `${SECONDS + 1}` }))
    assert.throws(() => new Webhook(newSecret()).verify(body, headers))
  }
})

test('a secret is 24 to 64 bytes in base64 behind whsec_', () => {
  const of = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`
  assert.deepEqual([23, 24, 64, 65].map(of).map(isSecret), [false, true, true, false])
  assert.equal(isSecret(newSecret()), true)
  assert.equal(isSecret(of(32).slice(6)), false)
  assert.equal(isSecret(`whsec_${'?'.repeat(40)}`), false)
})

test('addresses of the house, of nobody and in disguise are private; those of the internet are not', () => {
  const refused = [
    ...['127.0.0.1', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '169.254.169.254'],
    ...['0.0.0.0', '100.64.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '192.0.2.1'],
    ...[
      '::1',
      '::',
      'fe80::1',
      'fc00::1',
      'fd12:3456::1',
      'ff02::1',
      '2001:db8::1',
      '2002:7f00:1::',
    ],
    ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1', '::127.0.0.1'],
    ...['', 'localhost', '127.1', '0x7f000001', '2130706433'],
  ]
  assert.deepEqual(
    refused.filter((address) => !isPrivateAddress(address)),
    [],
  )
  const allowed = ['1.1.1.1', '8.8.8.8', '172.15.0.1', '172.32.0.1', '2606:4700:4700::1111']
  assert.deepEqual(allowed.filter(isPrivateAddress), [])
})

test('ten tries are made over three days, each later than the one before', () => {
  const delays = Array.from({ length: 10 }, (_, index) => retryDelayMs(index + 1))
  assert.equal(delays.at(-1), null)
  const pauses = delays.slice(0, -1).map((delay) => delay ?? 0)
  assert.deepEqual(
    pauses,
    [...pauses].sort((a, b) => a - b),
  )
  const total = pauses.reduce((sum, pause) => sum + pause, 0)
  assert.ok(total > 3 * 86_400_000 && total < FAILING_MAX_MS)
})
