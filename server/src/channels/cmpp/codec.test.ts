import assert from 'node:assert/strict'
import { test } from 'node:test'
import { instant } from '@dunlin/kernel'
import { connectTimestamp, isGatewayGenuine, sourceAuthenticator } from './authenticator.ts'
import { type CmppVersion, decodePdu, encodePdu } from './codec.ts'
import { createFrameCutter } from './frames.ts'
import { encodeGbkLetter } from './gbk.ts'

// Bytes packed field by field from the specification's tables, in another language and apart from this codec.

const VERSIONS: readonly CmppVersion[] = ['2.0', '3.0']
const MESSAGE_ID = '13560338478012628997'
const SUBMIT = {
  '2.0':
    '000000a3000000040000000700000000000000000101010044554e4c494e00000000020000000000000000000000000000000000000000000000083930313233343031303030303030000000000000000000000000000000000000000000000000000000000000000000003130363930303031000000000000000000000000000131393930303030313233340000000000000000000004903e671f0000000000000000',
  '3.0':
    '000000c7000000040000000700000000000000000101010044554e4c494e00000000020000000000000000000000000000000000000000000000000000000000000000000000083930313233343031303030303030000000000000000000000000000000000000000000000000000000000000000000003130363930303031000000000000000000000000000131393930303030313233340000000000000000000000000000000000000000000004903e671f0000000000000000000000000000000000000000',
} as const
const SUBMIT_ANSWER = {
  '2.0': '000000158000000400000007bc3000000001000508',
  '3.0': '000000188000000400000007bc3000000001000500000008',
} as const
const REPORT = {
  '2.0':
    '000000910000000500000009000000000000004d31303639303030310000000000000000000000000044554e4c494e00000000000000313939303030303132333400000000000000000000013cbc300000000100054d4b3a303030353236313132343132303032363131323431323031313939303030303132333400000000000000000000000000090000000000000000',
  '3.0':
    '000000b40000000500000009000000000000004d31303639303030310000000000000000000000000044554e4c494e000000000000003139393030303031323334000000000000000000000000000000000000000000000147bc300000000100054d4b3a3030303532363131323431323030323631313234313230313139393030303031323334000000000000000000000000000000000000000000000000090000000000000000000000000000000000000000',
} as const
const DELIVER_ANSWER = {
  '2.0': '000000158000000500000009000000000000004d00',
  '3.0': '000000188000000500000009000000000000004d00000000',
} as const
const CONNECT_ANSWER = {
  '2.0': '0000001e80000001000000010030379ada95177b628ad0bc5ddeac0ddd20',
  '3.0': '00000021800000010000000100000000af8b00451a390b4990321de5bfca09c230',
} as const
const SOURCE = sourceAuthenticator({
  sourceAddress: '901234',
  secret: '1234',
  digits: '0102030405',
})

test('the authenticator hashes the ten digits of the timestamp, its leading zero too', () => {
  assert.equal(SOURCE.toString('hex'), 'e45edee925b9c275458dfcc54b2bebd8')
  const second = instant(Date.UTC(2026, 0, 1, 19, 4, 5))
  assert.deepEqual(connectTimestamp(second), { digits: '0102030405', value: 102_030_405 })
})

test('connect is laid out as the specification says', () => {
  const pdu = {
    command: 'connect' as const,
    sourceAddress: '901234',
    authenticator: SOURCE,
    timestamp: 102_030_405,
  }
  assert.equal(
    encodePdu(pdu, 1, '2.0').toString('hex'),
    '000000270000000100000001393031323334e45edee925b9c275458dfcc54b2bebd8200614dc45',
  )
})

for (const version of VERSIONS) {
  test(`CMPP ${version}: submit, its answer, a report and its answer byte by byte`, () => {
    const submit = {
      command: 'submit' as const,
      ...{ total: 1, number: 1, isReceiptAsked: true, serviceId: 'DUNLIN', hasHeader: false },
      ...{ format: 8, source: '901234', from: '10690001', to: '19900001234' },
      content: Buffer.from('逾期', 'utf16le').swap16(),
    }
    assert.equal(encodePdu(submit, 7, version).toString('hex'), SUBMIT[version])
    assert.deepEqual(decodePdu(Buffer.from(SUBMIT_ANSWER[version], 'hex'), version), {
      sequence: 7,
      pdu: { command: 'submit-answer', messageId: MESSAGE_ID, result: 8 },
    })
    const { sequence, pdu } = decodePdu(Buffer.from(REPORT[version], 'hex'), version)
    assert.equal(sequence, 9)
    assert.ok(pdu.command === 'deliver')
    assert.deepEqual(pdu.report, { messageId: MESSAGE_ID, state: 'MK:0005' })
    assert.deepEqual([pdu.from, pdu.to], ['19900001234', '10690001'])
    const answer = { command: 'deliver-answer' as const, messageId: pdu.messageId, result: 0 }
    assert.equal(encodePdu(answer, 9, version).toString('hex'), DELIVER_ANSWER[version])
  })

  test(`CMPP ${version}: a gateway that does not know the secret is told from one that does`, () => {
    const { pdu } = decodePdu(Buffer.from(CONNECT_ANSWER[version], 'hex'), version)
    assert.ok(pdu.command === 'connect-answer')
    assert.equal(isGatewayGenuine(pdu, { source: SOURCE, secret: '1234', version }), true)
    assert.equal(isGatewayGenuine(pdu, { source: SOURCE, secret: '1235', version }), false)
  })

  test(`CMPP ${version}: a body that ends too early is refused at every length`, () => {
    const whole = Buffer.from(REPORT[version], 'hex')
    // What comes after the content is not read.
    const end = whole.length - (version === '2.0' ? 8 : 20)
    for (let length = 12; length < end; length += 1) {
      assert.throws(() => decodePdu(whole.subarray(0, length), version), RangeError)
    }
  })
}

test('an unknown command is named, not guessed', () => {
  const { pdu } = decodePdu(Buffer.from('0000000c0000000700000001', 'hex'), '2.0')
  assert.deepEqual(pdu, { command: 'unknown', id: 7 })
})

test('a length that no PDU has is refused, above and below', () => {
  for (const bytes of ['ffffffff00000000dead', '0000000b', '00001001']) {
    assert.throws(() => createFrameCutter()(Buffer.from(bytes, 'hex')), RangeError)
  }
})

test('GBK letters are those of the standard', () => {
  assert.equal(encodeGbkLetter('逾')?.toString('hex'), 'd3e2')
  assert.equal(encodeGbkLetter('A')?.toString('hex'), '41')
  assert.equal(encodeGbkLetter('😀'), null)
})
