import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { dispatchDue, verifyExport } from '../contact/index.ts'
import { aSink } from '../contact/test-gate.ts'
import { anApi, caseOf, KEYS, problemOf } from './test-api.ts'

const api = await anApi()
const { call, db, gate, clock } = api
const caseId = await caseOf(db, 'B2')
const PATH = `GET /api/v1/evidence/${caseId}`

/** The files of an archive that stores them as they are. */
async function unpack(bytes: Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-unpacked-'))
  for (let at = 0; bytes.readUInt32LE(at) === 0x04034b50; ) {
    const size = bytes.readUInt32LE(at + 18)
    const start = at + 30 + bytes.readUInt16LE(at + 26)
    await writeFile(
      join(folder, bytes.toString('utf8', at + 30, start)),
      bytes.subarray(start, start + size),
    )
    at = start + size
  }
  return folder
}

test('evidence that is not sealed yet is refused, sealed evidence verifies from the archive alone, one changed byte is found', async () => {
  await dispatchDue({ db, gate, outlets: [aSink('sms', clock)], now: clock.now })
  assert.equal(problemOf(await call(PATH, { key: KEYS.admin })), '409 evidence.not_sealed caseId')
  await api.seal()
  const answer = await call(PATH, { key: KEYS.admin })
  assert.equal(answer.status, 200)
  const good = await verifyExport(await unpack(answer.bytes))
  assert.deepEqual([good.problems, good.decisions > 0], [[], true])
  const bytes = Buffer.from(answer.bytes)
  const place = bytes.indexOf('"verdict')
  bytes[place + 2] = (bytes[place + 2] ?? 0) ^ 1
  assert.notDeepEqual((await verifyExport(await unpack(bytes))).problems, [])
})

test('only an admin key takes evidence, and the audit says who did', async () => {
  assert.equal(problemOf(await call(PATH)), '403 auth.scope')
  const audit = await db.query<{ actor: string; subject: string }>(
    `select actor, subject from audit_event where action = 'evidence.exported'`,
  )
  assert.deepEqual(audit, [{ actor: 'admin', subject: `case ${caseId}` }])
  const none = await call('GET /api/v1/evidence/999999', { key: KEYS.admin })
  assert.equal(problemOf(none), '404 resource.not_found caseId')
})
