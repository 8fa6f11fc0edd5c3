import assert from 'node:assert/strict'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { createSealer, createTestSealer, openSealer, openWithKey, sealWithKey } from './index.ts'

const keys = (current: number) =>
  createSealer({
    current,
    keys: new Map([
      [1, Buffer.alloc(32, 1)],
      [2, Buffer.alloc(32, 2)],
    ]),
    hashKey: Buffer.alloc(32, 3),
  })

test('what is sealed opens again, never shows the plain text, and no two seals are alike', () => {
  const sealer = createTestSealer()
  fc.assert(
    fc.property(fc.string({ minLength: 4, unit: 'grapheme' }), (plain) => {
      const [a, b] = [sealer.seal(plain), sealer.seal(plain)]
      assert.equal(sealer.open(a), plain)
      assert.equal(a.includes(Buffer.from(plain)), false)
      assert.notDeepEqual(a, b)
    }),
    { seed: 1 },
  )
})

test('a changed byte anywhere is found', () => {
  const sealer = createTestSealer()
  const sealed = sealer.seal('王小明 19900001234')
  for (let index = 0; index < sealed.length; index += 1) {
    const forged = Buffer.from(sealed)
    forged[index] = (forged[index] ?? 0) ^ 1
    assert.throws(() => sealer.open(forged))
  }
})

test('data sealed before a rotation still opens, and hashes stay the same', () => {
  const [before, after] = [keys(1), keys(2)]
  const sealed = before.seal('a')
  assert.equal(after.open(sealed), 'a')
  assert.equal(after.seal('a')[0], 2)
  assert.deepEqual(before.hash('phone', '+8619900001234'), after.hash('phone', '+8619900001234'))
  assert.notDeepEqual(before.hash('phone', 'x'), before.hash('email', 'x'))
  const salt = before.salt()
  const payload = sealWithKey(before.payloadKey(salt), '{"text":"请于6月4日前还款"}')
  assert.equal(openWithKey(after.payloadKey(salt), payload), '{"text":"请于6月4日前还款"}')
  assert.throws(() => openWithKey(after.payloadKey(after.salt()), payload))
})

test('the key file is made once, for its owner alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-keys-'))
  const path = join(folder, 'keys/seal.json')
  const [a, b] = await Promise.all([openSealer(path), openSealer(path)])
  assert.equal(b.open(a.seal('x')), 'x')
  assert.equal((await stat(path)).mode & 0o777, 0o600)
  await rm(folder, { recursive: true })
})
