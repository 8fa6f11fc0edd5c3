import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { required } from '@dunlin/kernel'
import { aPortfolio, day, LOANS, load } from '../loanbook/test-book.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { openEvidenceSigner, recordPapers, sealBatches } from '../platform/evidence/index.ts'
import { createTestSealer } from '../platform/seal/index.ts'
import { runCycle } from '../strategy/run-cycle.ts'
import { dispatchDue, exportEvidence, verifyAll, verifyExport } from './index.ts'
import { aClock, aGate, aSink, utc } from './test-gate.ts'

const AFTERNOON = utc('2026-05-31T07:00:00Z')
const NIGHT = utc('2026-05-31T15:00:00Z')
const sealer = createTestSealer()
/** The hash of a document that a borrower agreed to. */
const PAPER = 'ab'.repeat(32)

async function aDecidedBook() {
  const db = await openTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-evidence-'))
  await aPortfolio(db)
  await load(db, { kind: 'loans', text: LOANS })
  await runCycle({ db, reactions: createReactions(), asOf: day('2026-05-31'), at: AFTERNOON })
  const clock = aClock(NIGHT)
  const gate = await aGate()
  const dispatch = () => dispatchDue({ db, gate, outlets: [aSink('sms', clock)], now: clock.now })
  await dispatch()
  clock.set(utc('2026-06-01T01:00:00Z'))
  await dispatch()
  const signer = await openEvidenceSigner(join(folder, 'key.pem'))
  const [row] = await db.query<{ case_id: string; borrower_id: string }>(
    'select case_id, borrower_id from collection_case order by case_id limit 1',
  )
  const { case_id: caseId, borrower_id: borrowerId } = required(row, 'a case')
  const paper = { borrowerId, caseId, kind: 'agreement-accepted', ref: '7', sha256: PAPER } as const
  await db.transaction((tx) => recordPapers(tx, [paper], NIGHT))
  const headsFile = join(folder, 'heads.jsonl')
  const seal = () => sealBatches(db, { signer, headsFile, at: NIGHT })
  await seal()
  const out = join(folder, 'out')
  await exportEvidence({ db, sealer, signer, caseId, folder: out, at: NIGHT })
  return { db, folder, out, signer, headsFile, seal }
}

test('an export verifies from its files alone: permits and deferrals, decided again', async () => {
  const { out, headsFile } = await aDecidedBook()
  const [head = ''] = (await readFile(headsFile, 'utf8')).trim().split('\n').slice(-1)
  const found = await verifyExport(out, JSON.parse(head).hash)
  assert.deepEqual([found.problems, found.decisions, found.papers], [[], 2, 1])
})

test('changing one byte anywhere is found', async () => {
  const { out } = await aDecidedBook()
  for (const name of await readdir(out)) {
    const path = join(out, name)
    const original = await readFile(path)
    const step = Math.max(1, Math.floor(original.length / 40))
    for (let index = 0; index < original.length; index += step) {
      const forged = Buffer.from(original)
      forged[index] = (forged[index] ?? 0) ^ 1
      await writeFile(path, forged)
      const found = await verifyExport(out).catch((error: unknown) => ({
        problems: [String(error)],
      }))
      assert.notDeepEqual(found.problems, [], `${name} byte ${index}`)
    }
    await writeFile(path, original)
  }
  assert.deepEqual((await verifyExport(out)).problems, [])
})

test('a program that uses nothing of ours proves inclusion', async () => {
  const { out } = await aDecidedBook()
  const program = join(import.meta.dirname, '../../../docs/verify-inclusion.mjs')
  assert.ok((await readFile(program, 'utf8')).split('\n').length <= 100)
  assert.match(
    execFileSync(process.execPath, [program, out], { encoding: 'utf8' }),
    /2 decisions, 1 documents, 0 problems/,
  )
  assert.match(
    execFileSync(process.execPath, [program, out], { encoding: 'utf8' }),
    new RegExp(`agreement-accepted 7: ${PAPER}`),
  )
  const throws = () =>
    assert.throws(() => execFileSync(process.execPath, [program, out], { stdio: 'pipe' }))
  const chain = join(out, 'chain.json')
  const whole = await readFile(chain, 'utf8')
  await writeFile(chain, whole.replace(/"root": "./, '"root": "x'))
  throws()
  // A leaf of a batch that is not there is in no batch.
  await writeFile(chain, '[]')
  assert.match(
    spawnSync(process.execPath, [program, out], { encoding: 'utf8' }).stderr,
    /decision \d+: not in batch/,
  )
})

test('the whole log of a database verifies; a rewritten history does not', async () => {
  const { db, signer, seal } = await aDecidedBook()
  const verify = () => verifyAll(db, { sealer, publicKey: signer.publicKey })
  const found = await verify()
  assert.deepEqual([found.problems, found.decisions, found.head?.sequence], [[], 4, 3])
  assert.equal(found.papers, 1)
  assert.equal(await seal(), 0)
  await db.run('alter table decision disable trigger user')
  const children = await db.query<{ name: string }>(
    `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'decision'::regclass`,
  )
  for (const { name } of children) await db.run(`alter table ${name} disable trigger user`)
  await db.run(
    `update decision set leaf = replace(leaf, 'permit', 'refuse') where verdict = 'permit'`,
  )
  assert.ok((await verify()).problems.length > 0)
})

test('an erased payload leaves inclusion provable and says so', async () => {
  const { db, signer, folder } = await aDecidedBook()
  await db.run('update borrower set key_salt = null')
  await db.run('delete from decision_payload')
  const out = join(folder, 'erased')
  const [row] = await db.query<{ case_id: string }>(
    'select case_id from collection_case order by case_id limit 1',
  )
  await exportEvidence({ db, sealer, signer, caseId: row?.case_id ?? '', folder: out, at: NIGHT })
  const found = await verifyExport(out)
  assert.deepEqual([found.problems, found.erased], [[], 2])
  assert.match(await readFile(join(out, 'decisions.json'), 'utf8'), /payload erased/)
})

test('a document whose hash was exchanged is found in the log and kept out of an export', async () => {
  const { db, signer, folder } = await aDecidedBook()
  await db.run('alter table paper disable trigger user')
  await db.run(`update paper set sha256 = decode(repeat('cd', 32), 'hex')`)
  const { problems } = await verifyAll(db, { sealer, publicKey: signer.publicKey })
  assert.match(problems.join(), /paper \d+-\d+: sha256 of the row is not that of its leaf/)
  await db.run(`update paper set leaf = replace(leaf, 'abab', 'cdcd')`)
  const both = await verifyAll(db, { sealer, publicKey: signer.publicKey })
  assert.match(both.problems.join(), /batch 3: its leaves do not give its root/)
  const out = join(folder, 'exchanged')
  const scope = { period: { from: '2026-05-31', to: '2026-06-01', portfolio: null } }
  await exportEvidence({ db, sealer, signer, ...scope, folder: out, at: NIGHT })
  assert.match((await verifyExport(out)).problems.join(), /a leaf is not in batch 3/)
})
