import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { applyReceipts, dispatchDue, verifyAll } from './contact/index.ts'
import { aClock, aGate, aRoute, utc } from './contact/test-gate.ts'
import { receiveInbound, receiveReceipts } from './conversations/index.ts'
import { aPortfolio, day, load } from './loanbook/test-book.ts'
import { openTestDatabase } from './platform/db/test-database.ts'
import { openEvidenceSigner, sealBatches } from './platform/evidence/index.ts'
import { runCycle } from './strategy/run-cycle.ts'
import { openLetter } from './wire-letter.ts'

const LOANS = `loan_no,borrower_no,name,principal_outstanding,overdue_principal,oldest_unpaid_due_on,as_of
L1,B1,王小明,1000.00,100.00,2026-03-17,2026-05-31
L2,B2,李晓雨,1000.00,100.00,2026-03-17,2026-05-31
`
const CONTACTS = `borrower_no,relation,kind,value,source
B1,borrower,address,100000 示例省示例市示例路1号,contract
`
const NIGHT = utc('2026-05-31T15:00:00Z')

async function aPostRoom() {
  const db = await openTestDatabase()
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-post-'))
  await aPortfolio(db, 'main', '示例消费金融')
  await load(db, { kind: 'loans', text: LOANS })
  await load(db, { kind: 'contacts', text: CONTACTS })
  const [row] = await db.query<{ id: string }>(
    `insert into provider_account (name, channel, adapter, collection_content) values ('post', 'letter', 'letter', true)
     returning provider_account_id as id`,
  )
  const accountId = row?.id ?? ''
  const clock = aClock(utc('2026-05-31T03:00:00Z'))
  const gate = await aGate()
  const { sealer, reactions } = gate
  const conversations = {
    ...{ db, sealer, reactions, stopWords: [], countryCode: '86' },
    receipts: (
      tx: Parameters<typeof applyReceipts>[0],
      given: Parameters<typeof applyReceipts>[2],
    ) => applyReceipts(tx, reactions, given),
  }
  const post = openLetter({
    row: {
      settings: {
        folder,
        sender: { name: '示例消费金融', address: '示例市示例路2号' },
        tracking: { prefix: 'RA', country: 'CN', from: 47_312_482, to: 47_312_500 },
      },
    },
    account: { accountId, name: 'post', collectionContent: true },
    world: {
      ...{ clock, db },
      handlers: {
        onReceipts: (receipts) => receiveReceipts(conversations, receipts),
        onInbound: (item) => receiveInbound(conversations, item),
      },
    },
  })
  assert.deepEqual(await post.probe(), {
    isOk: true,
    detail: 'its folder can be written, its seal read',
  })
  const { channel } = post
  const outlet = {
    kind: 'letter',
    channel,
    isLoopback: false,
    unsubscribeMailbox: null,
    route: aRoute(),
  } as const
  const dispatch = () => dispatchDue({ db, gate, outlets: [outlet], now: clock.now })
  await runCycle({ db, reactions, asOf: day('2026-05-31'), at: clock.now() })
  return { db, folder, dispatch, sealer, take: post.chores[0]?.work }
}

test('day 75 writes to whom an address is known, the letter is evidence, and one that came back ends its address', async () => {
  const { db, folder, dispatch, sealer, take } = await aPostRoom()
  const counts = await dispatch()
  assert.deepEqual([counts.permitted, counts.sent, counts.refused], [1, 1, 0])
  const pdf = await readFile(join(folder, 'out/RA473124829CN.pdf'))
  assert.deepEqual((await readdir(join(folder, 'out'))).length, 2)
  const papers = await db.query(
    `select p.kind, encode(p.sha256, 'hex') as sha256, a.state, a.provider_message_id as number from paper p
     join attempt a on a.borrower_id = p.borrower_id and a.attempt_id::text = p.ref`,
  )
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  assert.deepEqual(papers, [
    { kind: 'letter-sent', sha256, state: 'sent', number: 'RA473124829CN' },
  ])
  const signer = await openEvidenceSigner(join(folder, 'key.pem'))
  await sealBatches(db, { signer, headsFile: join(folder, 'heads.jsonl'), at: NIGHT })
  const found = await verifyAll(db, { sealer, publicKey: signer.publicKey })
  assert.deepEqual([found.problems, found.decisions, found.papers], [[], 1, 1])
  const back =
    'reference,state,at,reason\nRA473124829CN,returned,2026-06-03T10:00:00+08:00,查无此人\n'
  await writeFile(join(folder, 'in/day.csv'), back)
  await take?.()
  // The same file again, as after a crash, changes nothing.
  await writeFile(join(folder, 'in/day.csv'), back)
  await take?.()
  assert.deepEqual(
    await db.query(
      `select a.line, c.health, (select count(*)::int from message) as told from attempt a join contact_point c using (borrower_id, contact_point_id)`,
    ),
    [{ line: 'failed', health: 'dead', told: 1 }],
  )
})
