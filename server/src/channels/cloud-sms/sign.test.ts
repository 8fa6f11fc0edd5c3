import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { sha256, signAcs3, signTc3 } from './sign.ts'

const VECTORS = join(import.meta.dirname, '../../../../../shared/channels/signature-vectors.json')
const shape = z.object({
  aliyun_acs3: z.object({
    ...{ secret: z.string(), keyId: z.string(), method: z.string(), host: z.string() },
    ...{ action: z.string(), version: z.string(), date: z.string(), nonce: z.string() },
    ...{ query: z.record(z.string(), z.string()), body: z.string(), signature: z.string() },
  }),
  tencent_tc3: z.object({
    ...{ secretKey: z.string(), secretId: z.string(), service: z.string(), host: z.string() },
    ...{ action: z.string(), timestamp: z.number(), payload: z.string(), contentType: z.string() },
    signature: z.string(),
  }),
})
const skip = existsSync(VECTORS)
  ? false
  : 'no ../shared/channels/signature-vectors.json beside the repository'

function vectors() {
  return shape.parse(JSON.parse(readFileSync(VECTORS, 'utf8')))
}

test('ACS3 gives the signature of the recorded request', { skip }, () => {
  const { aliyun_acs3: given } = vectors()
  const headers = {
    host: given.host,
    'x-acs-action': given.action,
    'x-acs-version': given.version,
    'x-acs-date': given.date,
    'x-acs-signature-nonce': given.nonce,
    'x-acs-content-sha256': sha256(given.body),
  }
  const { method, query, body, keyId: id, secret } = given
  assert.equal(
    signAcs3({ method, query, headers, body }, { id, secret }),
    `ACS3-HMAC-SHA256 Credential=${id},SignedHeaders=${Object.keys(headers).sort().join(';')},Signature=${given.signature}`,
  )
})

test('TC3 gives the signature of the recorded request', { skip }, () => {
  const { tencent_tc3: given } = vectors()
  const { service, host, action, contentType, timestamp, payload: body } = given
  const keys = { id: given.secretId, secret: given.secretKey }
  const signed = signTc3({ service, host, action, contentType, timestamp, body }, keys)
  assert.equal(signed.slice(-64), given.signature)
})

test('another secret, body or query gives another signature', () => {
  const request = { method: 'POST', query: { a: '1' }, headers: { host: 'h' }, body: '' }
  const keys = { id: 'k', secret: 's' }
  const whole = signAcs3(request, keys)
  for (const other of [
    signAcs3(request, { ...keys, secret: 't' }),
    signAcs3({ ...request, body: 'x' }, keys),
    signAcs3({ ...request, query: { a: '2' } }, keys),
  ]) {
    assert.notEqual(other, whole)
  }
})
