import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32 } from 'node:zlib'
import { zipFiles } from './zip-files.ts'

test('an archive holds each file whole, with its sum, twice in agreement, and is the same every time', () => {
  const files = [
    { name: 'a.json', content: Buffer.from('{"a":1}\n') },
    { name: '证据.txt', content: Buffer.from('内容') },
    { name: 'empty', content: Buffer.alloc(0) },
  ]
  const bytes = zipFiles(files)
  assert.deepEqual(zipFiles(files), bytes)
  const end = bytes.length - 22
  assert.equal(bytes.readUInt32LE(end), 0x06054b50)
  assert.equal(bytes.readUInt16LE(end + 10), files.length)
  let at = bytes.readUInt32LE(end + 16)
  for (const { name, content } of files) {
    assert.equal(bytes.readUInt32LE(at), 0x02014b50)
    assert.equal(bytes.readUInt32LE(at + 16), crc32(content))
    const nameBytes = bytes.readUInt16LE(at + 28)
    assert.equal(bytes.toString('utf8', at + 46, at + 46 + nameBytes), name)
    const local = bytes.readUInt32LE(at + 42)
    assert.equal(bytes.readUInt32LE(local), 0x04034b50)
    assert.equal(bytes.readUInt32LE(local + 14), crc32(content))
    const start = local + 30 + bytes.readUInt16LE(local + 26)
    assert.deepEqual(bytes.subarray(start, start + bytes.readUInt32LE(local + 22)), content)
    at += 46 + nameBytes
  }
  assert.equal(at, end)
})
