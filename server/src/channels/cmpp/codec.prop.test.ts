import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { readDeliverAnswer, readHead, readSubmit } from '../../../../sandbox/src/ismg/read-pdu.ts'
import { deliver, report, submitAnswer } from '../../../../sandbox/src/ismg/write-pdu.ts'
import { cmppSettings } from './cmpp-settings.ts'
import { decodePdu, encodePdu } from './codec.ts'
import { createFrameCutter } from './frames.ts'
import { decodeGbk } from './gbk.ts'
import { countParts, submitParts } from './submit-parts.ts'

// What one side writes, the other side's own reader understands: two codecs from one specification.

const version = fc.constantFrom('2.0' as const, '3.0' as const)
const digits = (max: number) => fc.stringMatching(new RegExp(`^\\d{1,${max}}$`))
const sequence = fc.integer({ min: 1, max: 0xffff_ffff })
const content = fc.uint8Array({ maxLength: 140 }).map((bytes) => Buffer.from(bytes))
const id = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })

const submit = fc.record({
  total: fc.integer({ min: 1, max: 16 }),
  number: fc.integer({ min: 1, max: 16 }),
  isReceiptAsked: fc.boolean(),
  serviceId: fc.stringMatching(/^[A-Z]{0,10}$/),
  hasHeader: fc.boolean(),
  format: fc.constantFrom(0, 4, 8, 15),
  source: digits(6),
  from: digits(21),
  to: digits(21),
  content,
})

test('every submit is read back by the gateway as it was meant', () => {
  fc.assert(
    fc.property(submit, sequence, version, (given, number, which) => {
      const pdu = encodePdu({ command: 'submit', ...given }, number, which)
      assert.deepEqual(readHead(pdu), { command: 4, sequence: number })
      assert.deepEqual(readSubmit(pdu, which), { ...given, to: [given.to], feeType: '01' })
    }),
  )
})

test('every answer, report and phone’s message of the gateway is read as it was meant', () => {
  const delivery = fc.record({
    ...{ messageId: id, to: digits(21), from: digits(21), hasHeader: fc.boolean(), content },
    format: fc.constantFrom(0, 8, 15),
  })
  fc.assert(
    fc.property(id, delivery, sequence, version, (messageId, given, number, which) => {
      const answered = submitAnswer(number, { version: which, messageId, result: 8 })
      assert.deepEqual(decodePdu(answered, which).pdu, {
        ...{ command: 'submit-answer', messageId: messageId.toString(), result: 8 },
      })
      const written = deliver(number, { ...given, isReport: false }, which)
      const { pdu } = decodePdu(written, which)
      assert.ok(pdu.command === 'deliver' && pdu.report === null)
      assert.deepEqual(
        [pdu.to, pdu.from, pdu.hasHeader, pdu.format, pdu.content.toString('hex')],
        [given.to, given.from, given.hasHeader, given.format, given.content.toString('hex')],
      )
      const back = { command: 'deliver-answer' as const, messageId: pdu.messageId, result: 9 }
      assert.deepEqual(readDeliverAnswer(encodePdu(back, number, which), which), { result: 9 })
      const times = { submitted: '2611241200', done: '2611241201' }
      const told = report(
        { messageId, state: 'UNDELIV', ...times, to: given.to, sequence: 1 },
        which,
      )
      const reported = { ...given, isReport: true, content: told }
      const { pdu: read } = decodePdu(deliver(number, reported, which), which)
      assert.ok(read.command === 'deliver')
      assert.deepEqual(read.report, { messageId: messageId.toString(), state: 'UNDELIV' })
    }),
  )
})

test('a stream cut anywhere gives the same PDUs', () => {
  fc.assert(
    fc.property(
      fc.array(submit, { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
      (submits, sizes) => {
        const pdus = submits.map((each, at) => encodePdu({ command: 'submit', ...each }, at, '3.0'))
        const stream = Buffer.concat(pdus)
        const cut = createFrameCutter()
        const got: string[] = []
        for (let at = 0, turn = 0; at < stream.length; turn += 1) {
          const size = sizes[turn % sizes.length] ?? 1
          got.push(...cut(stream.subarray(at, at + size)).map((pdu) => pdu.toString('hex')))
          at += size
        }
        assert.deepEqual(
          got,
          pdus.map((pdu) => pdu.toString('hex')),
        )
      },
    ),
  )
})

test('the parts of a text put together are the text, none is too long, no letter is cut', () => {
  const alphabet = fc.constantFrom('ucs2' as const, 'gbk' as const, 'any' as const)
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc.stringMatching(/^[一-龥A-Z0-9，。]{0,500}$/),
  )
  fc.assert(
    fc.property(text, alphabet, (given, chosen) => {
      const settings = cmppSettings.parse({
        ...{ host: 'h', sourceAddress: '901234', accessNumber: '10690001', alphabet: chosen },
      })
      const message = { settings, address: '+8619900001234', reference: 0xabcd, text: given }
      const parts = submitParts(message)
      assert.equal(countParts(given, chosen), parts.length)
      for (const part of parts) assert.ok(part.content.length <= 140)
      assert.deepEqual(
        parts.map(({ isReceiptAsked }) => isReceiptAsked),
        parts.map((_, at) => at === parts.length - 1),
      )
      const bodies = parts.map((part) => part.content.subarray(part.hasHeader ? 6 : 0))
      const texts = bodies.map((body) => decode(body, parts[0]?.format ?? 0))
      assert.equal(texts.join(''), given)
      for (const each of texts) assert.equal(each.isWellFormed(), true)
    }),
  )
})

function decode(body: Buffer, format: number): string {
  if (format === 8) return Buffer.from(body).swap16().toString('utf16le')
  return format === 15 ? decodeGbk(body) : body.toString('latin1')
}
