import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { type Instant, instant, Secret } from '@dunlin/kernel'
import fc from 'fast-check'
import peer from 'wechatpay-axios-plugin'
import { z } from 'zod'
import { encryptField, openResource } from './open-resource.ts'
import { openMerchantSigner, signLines, signPageInvocation, signRequest } from './sign-message.ts'
import { readPlatformCertificate, readPublicKey, verifyMessage } from './verify-message.ts'

const VECTORS = join(import.meta.dirname, '../../../../../shared/channels/signature-vectors.json')
const NOW = instant(1_730_000_000_000)
const SECONDS = 1_730_000_000
const KEY_ID = 'PUB_KEY_ID_0000000000000024101100397200000006'
const API_KEY = new Secret('0123456789abcdef0123456789abcdef')
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
})
const signer = openMerchantSigner({
  merchantId: '1900000001',
  serial: 'AB12',
  privateKey: new Secret(privateKey),
})
const keys = new Map([readPublicKey(KEY_ID, publicKey)])
const runs = { seed: 11, numRuns: 40 }
const words = fc.string({ unit: 'binary' }).map((text) => text.toWellFormed())

function signed(body: string, timestamp = String(SECONDS)) {
  const signature = signLines(createPrivateKey(privateKey), [timestamp, 'nonce', body])
  return { timestamp, nonce: 'nonce', signature, serial: KEY_ID }
}

describe('vectors', { skip: !existsSync(VECTORS) && 'the vectors are not here' }, () => {
  test('the vector of AES-256-GCM opens to its message', () => {
    const shape = z.object({
      apiV3Key: z.string(),
      nonce: z.string(),
      associated_data: z.string(),
      ciphertext: z.string(),
      plaintext: z.string(),
    })
    const file = z.object({ wechatpay_aead_aes_256_gcm: shape })
    const given = file.parse(JSON.parse(readFileSync(VECTORS, 'utf8'))).wechatpay_aead_aes_256_gcm
    const opened = openResource(
      { algorithm: 'AEAD_AES_256_GCM', ...given },
      new Secret(given.apiV3Key),
    )
    assert.deepEqual(opened, { ok: true, value: given.plaintext })
  })
})

test('an independent client verifies our requests and makes the same header', () => {
  fc.assert(
    fc.property(words, (body) => {
      const path = '/v3/bill/tradebill?bill_date=2026-11-22&bill_type=ALL'
      const at = { timestamp: SECONDS, nonce: 'n0nce' }
      const header = signRequest(signer, { method: 'POST', path, body }, at)
      const text = peer.Formatter.request('POST', path, SECONDS, 'n0nce', body)
      const signature = /signature="([^"]+)"/.exec(header)?.[1] ?? ''
      assert.equal(peer.Rsa.verify(text, signature, publicKey), true)
      const theirs = peer.Rsa.sign(text, privateKey)
      const fields = ['1900000001', 'n0nce', theirs, String(SECONDS), 'AB12'] as const
      assert.deepEqual(pieces(header), pieces(peer.Formatter.authorization(...fields)))
    }),
    runs,
  )
})

/** The scheme and the named values of a header, in the order of their names. */
function pieces(header: string): string[] {
  const [scheme = '', rest = ''] = header.split(/ (.*)/s)
  return [scheme, ...rest.split(',').toSorted()]
}

test('what an independent client signs as the platform is believed; anything changed is not', () => {
  fc.assert(
    fc.property(words, (body) => {
      const text = peer.Formatter.response(String(SECONDS), 'nonce', body)
      const headers = { ...signed(''), signature: peer.Rsa.sign(text, privateKey) }
      assert.equal(verifyMessage(Buffer.from(body), headers, { keys, now: NOW }).ok, true)
      assert.equal(verifyMessage(Buffer.from(`${body} `), headers, { keys, now: NOW }).ok, false)
    }),
    runs,
  )
})

test('a signature five minutes old, a probe, an unknown serial and missing headers are refused', () => {
  const body = Buffer.from('{}')
  const good = signed('{}')
  const field = (headers: Parameters<typeof verifyMessage>[1], now: Instant = NOW) => {
    const verdict = verifyMessage(body, headers, { keys, now })
    return verdict.ok ? 'believed' : verdict.refusal.field
  }
  assert.equal(field(good, instant(NOW + 299_999)), 'believed')
  assert.equal(field(good, instant(NOW + 300_000)), 'wechatpay-timestamp')
  assert.equal(field(good, instant(NOW - 300_000)), 'wechatpay-timestamp')
  assert.equal(field({ ...good, timestamp: undefined }), 'wechatpay-timestamp')
  assert.equal(field({ ...good, nonce: undefined }), 'wechatpay-nonce')
  assert.equal(field({ ...good, serial: 'ABCD' }), 'wechatpay-serial')
  assert.equal(field({ ...good, signature: undefined }), 'wechatpay-signature')
  const probe = `WECHATPAY/SIGNTEST/${good.signature}`
  assert.equal(field({ ...good, signature: probe }), 'wechatpay-signature')
})

const openssl = spawnSync('openssl', ['version']).status === 0
const certificates = { skip: !openssl && 'openssl is not installed: no certificate can be made' }
test('a platform certificate is believed inside its term only', certificates, () => {
  const request = 'req -x509 -newkey rsa:2048 -nodes -keyout - -subj /CN=platform -days 2'
  const made = execFileSync('openssl', request.split(' '), { stdio: 'pipe' }).toString()
  const [serial, certificate] = readPlatformCertificate(blockOf(made, 'CERTIFICATE'))
  const from = certificate.term?.from ?? instant(0)
  const timestamp = String(from / 1000)
  const key = createPrivateKey(blockOf(made, 'PRIVATE KEY'))
  const signature = signLines(key, [timestamp, 'nonce', '{}'])
  const headers = { timestamp, nonce: 'nonce', signature, serial }
  const believed = (now: Instant, at = headers) =>
    verifyMessage(Buffer.from('{}'), at, { keys: new Map([[serial, certificate]]), now }).ok
  assert.match(serial, /^[0-9A-F]+$/)
  assert.equal(believed(from), true)
  assert.equal(believed(instant(from - 1000)), false)
})

function blockOf(text: string, name: string): string {
  return new RegExp(`-----BEGIN ${name}-----.*?-----END ${name}-----`, 's').exec(text)?.[0] ?? ''
}

test('what an independent client seals opens; changed or under another key it does not', () => {
  fc.assert(
    fc.property(words, (text) => {
      const ciphertext = peer.Aes.AesGcm.encrypt(
        text,
        API_KEY.reveal(),
        '0123456789ab',
        'transaction',
      )
      const sealed = {
        algorithm: 'AEAD_AES_256_GCM',
        ciphertext,
        associated_data: 'transaction',
        nonce: '0123456789ab',
      }
      assert.deepEqual(openResource(sealed, API_KEY), { ok: true, value: text })
      assert.equal(openResource(sealed, new Secret('x'.repeat(32))).ok, false)
      assert.equal(openResource({ ...sealed, associated_data: 'refund' }, API_KEY).ok, false)
    }),
    runs,
  )
})

test('hostile resources are refused, never thrown', () => {
  const sealed = { algorithm: 'AEAD_AES_256_GCM', ciphertext: '', nonce: '0123456789ab' }
  assert.equal(openResource(sealed, API_KEY).ok, false)
  assert.equal(openResource({ ...sealed, nonce: '' }, API_KEY).ok, false)
  assert.equal(openResource({ ...sealed, algorithm: 'NONE' }, API_KEY).ok, false)
})

test('a name encrypted for the platform opens with its key by an independent client', () => {
  const encrypted = encryptField('某某', createPublicKey(publicKey))
  assert.equal(peer.Rsa.decrypt(encrypted, privateKey), '某某')
})

test('the page call of a prepared order is signed over its four lines', () => {
  const at = { timestamp: SECONDS, nonce: 'n0nce' }
  const page = signPageInvocation(signer, { appId: 'wx1', prepayId: 'p1' }, at)
  const text = peer.Formatter.joinedByLineFeed('wx1', String(SECONDS), 'n0nce', 'prepay_id=p1')
  assert.equal(peer.Rsa.verify(text, page.paySign, publicKey), true)
  assert.equal(page.package, 'prepay_id=p1')
})
