import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { Secret } from '@dunlin/kernel'
import fc from 'fast-check'
import { z } from 'zod'
import { openCallbackCrypto } from './callback-crypto.ts'
import { childText, readXml } from './read-xml.ts'

const VECTORS = join(import.meta.dirname, '../../../../../shared/channels/signature-vectors.json')
const call = z.object({
  timestamp: z.string(),
  nonce: z.string(),
  msg_signature: z.string(),
  random16: z.string(),
  plain: z.string(),
})
const vectorsShape = z.object({
  wecom_callback: z.object({
    corpId: z.string(),
    token: z.string(),
    encodingAESKey: z.string(),
    echo: call.extend({ echostr: z.string() }),
    message: call.extend({ encrypt: z.string() }),
  }),
})

function aCrypto(receiveId = 'ww1') {
  return openCallbackCrypto({
    token: new Secret('token'),
    encodingAesKey: new Secret('A'.repeat(43)),
    receiveId,
  })
}

describe('callback crypto', { skip: !existsSync(VECTORS) && 'the vectors are not here' }, () => {
  test('the vectors verify, decrypt and encrypt to the same bytes', () => {
    const { wecom_callback: given } = vectorsShape.parse(JSON.parse(readFileSync(VECTORS, 'utf8')))
    const crypto = openCallbackCrypto({
      token: new Secret(given.token),
      encodingAesKey: new Secret(given.encodingAESKey),
      receiveId: given.corpId,
    })
    for (const [vector, encrypted] of [
      [given.echo, given.echo.echostr],
      [given.message, given.message.encrypt],
    ] as const) {
      const sign = { ...vector, signature: vector.msg_signature }
      assert.deepEqual(crypto.open(sign, encrypted), { ok: true, value: vector.plain })
      assert.equal(crypto.sign(vector, encrypted), vector.msg_signature)
      assert.equal(crypto.seal(vector.plain, Buffer.from(vector.random16)), encrypted)
    }
  })
})

test('whatever was sealed opens; nothing changed, and nothing for another corp, does', () => {
  const crypto = aCrypto()
  const random = Buffer.alloc(16, 7)
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(), (text, place) => {
      const words = text.toWellFormed()
      const encrypted = crypto.seal(words, random)
      const given = { timestamp: '1', nonce: '2' }
      const sign = { ...given, signature: crypto.sign(given, encrypted) }
      assert.deepEqual(crypto.open(sign, encrypted), { ok: true, value: words })
      const at = place % encrypted.length
      const changed = `${encrypted.slice(0, at)}${encrypted[at] === 'A' ? 'B' : 'A'}${encrypted.slice(at + 1)}`
      assert.equal(crypto.open(sign, changed).ok, false)
      assert.deepEqual(aCrypto('ww2').open(sign, encrypted), {
        ok: false,
        refusal: 'wecom.bad_receiver',
      })
    }),
    { seed: 7, numRuns: 200 },
  )
})

test('bytes that are no cipher of ours are refused, not thrown', () => {
  const crypto = aCrypto()
  for (const text of ['', 'AAAA', '汉字', 'A'.repeat(64), Buffer.alloc(48, 9).toString('base64')]) {
    const given = { timestamp: '1', nonce: '2' }
    const opened = crypto.open({ ...given, signature: crypto.sign(given, text) }, text)
    assert.equal(opened.ok, false, text)
  }
})

test('XML of callbacks is read; declarations of types and entities are not', () => {
  const root = readXml('<xml><A><![CDATA[a<b&]]></A>\n<B>1 &amp; 2</B><C><D>3</D></C><E/></xml>')
  assert.ok(root)
  assert.deepEqual(
    [childText(root, 'A'), childText(root, 'B'), childText(root, 'E')],
    ['a<b&', '1 & 2', ''],
  )
  for (const bad of [
    '',
    '<a>',
    '<a></b>',
    '<a></a><b></b>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
    '<x>&e;</x>',
    '<x a="1"></x>',
    `${'<a>'.repeat(20)}${'</a>'.repeat(20)}`,
  ]) {
    assert.equal(readXml(bad), null, bad)
  }
})
