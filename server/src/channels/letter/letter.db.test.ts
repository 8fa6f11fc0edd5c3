import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Secret } from '@dunlin/kernel'
import { openTestDatabase } from '../../platform/db/test-database.ts'
import { channelContract, NOW, testPermit } from '../channel-contract.ts'
import type { InboundItem, ProviderReceipt } from '../inbound.ts'
import type { Permit, PermitFields } from '../permit.ts'
import { letterSettings } from './letter-settings.ts'
import { readReturns } from './read-returns.ts'
import { takeReturns } from './receive.ts'
import { createLetterChannel } from './send.ts'
import { trackingNumber } from './tracking.ts'

const clock = { now: () => NOW }
const ADDRESS = '100000 示例省示例市示例路1号'
const NUMBERS = { prefix: 'RA', country: 'CN', from: 47_312_482, to: 47_312_581 }

function aLetter(change: Partial<PermitFields> = {}): Permit {
  return testPermit({
    ...{ channel: 'letter', address: new Secret(ADDRESS), addressee: new Secret('王小明') },
    ...change,
  })
}

async function aPrintHouse(tracking: typeof NUMBERS | null = null) {
  const db = await openTestDatabase()
  const [row] = await db.query<{ id: string }>(
    `insert into provider_account (name, channel, adapter, collection_content) values ('post', 'letter', 'letter', true)
     returning provider_account_id as id`,
  )
  const accountId = row?.id ?? ''
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-letters-'))
  for (const name of ['out', 'in']) await mkdir(join(folder, name))
  const sender = { name: '示例消费金融', address: '示例市示例路2号' }
  const settings = letterSettings.parse({ folder, sender, tracking })
  const account = { accountId, name: 'post', collectionContent: true }
  const open = () => createLetterChannel({ account, settings, db, clock })
  const out = async () => (await readdir(join(folder, 'out'))).sort()
  return { db, folder, accountId, open, channel: open(), out }
}

channelContract(
  'letter',
  async () => ({
    channel: (await aPrintHouse()).channel,
    arrived: () => [],
    faults: null,
    close: async () => undefined,
  }),
  aLetter,
)

test('a letter lies there whole, with a slip that names nobody, under the hash that becomes evidence', async () => {
  const { channel, folder, out } = await aPrintHouse(NUMBERS)
  const [result] = await channel.send([aLetter()])
  assert.equal(result?.fate, 'accepted')
  const number = result?.fate === 'accepted' ? result.providerMessageId : ''
  assert.equal(number, 'RA473124829CN')
  assert.deepEqual(await out(), [`${number}.json`, `${number}.pdf`])
  const pdf = await readFile(join(folder, 'out', `${number}.pdf`))
  const slip = await readFile(join(folder, 'out', `${number}.json`), 'utf8')
  const sha256 = createHash('sha256').update(pdf).digest('hex')
  assert.equal(result?.fate === 'accepted' && result.paper, sha256)
  assert.equal(JSON.parse(slip).sha256, sha256)
  assert.doesNotMatch(slip, /王小明|示例路1号/)
})

test('no number is given twice, by two processes neither, and none beyond the range', async () => {
  const { open } = await aPrintHouse({ ...NUMBERS, to: NUMBERS.from + 19 })
  const send = () => open().send(Array.from({ length: 10 }, () => aLetter()))
  const [first, second] = await Promise.all([send(), send()])
  const numbers = [...first, ...second].map(
    (each) => each.fate === 'accepted' && each.providerMessageId,
  )
  assert.equal(new Set(numbers).size, 20)
  const [beyond] = await open().send([aLetter()])
  assert.equal(beyond?.fate, 'not-sent')
  assert.match(beyond?.fate === 'not-sent' ? beyond.detail : '', /used up/)
})

test('a folder that is away is told as not sent, a letter to nobody is refused, and neither leaves a file', async () => {
  const { channel, folder, out } = await aPrintHouse()
  await rename(join(folder, 'out'), join(folder, 'away'))
  const [away] = await channel.send([aLetter()])
  assert.equal(away?.fate === 'not-sent' && away.detail, 'the print folder answers ENOENT')
  assert.equal(channel.health().isBound, false)
  await rename(join(folder, 'away'), join(folder, 'out'))
  const [nobody] = await channel.send([aLetter({ addressee: null })])
  assert.equal(nobody?.fate, 'rejected')
  assert.deepEqual(await out(), [])
  const [sent] = await channel.send([aLetter()])
  assert.equal(sent?.fate, 'accepted')
  assert.equal(channel.health().lastError, null)
})

test('a name that is taken by a folder leaves the letter not sent, and nothing half written in sight', async () => {
  const { channel, folder, out } = await aPrintHouse()
  const permit = aLetter()
  await mkdir(join(folder, 'out', `${permit.permitId}.json`, 'x'), { recursive: true })
  const [result] = await channel.send([permit])
  assert.equal(result?.fate, 'not-sent')
  assert.deepEqual(
    (await out()).filter((name) => name.endsWith('.pdf')),
    [],
  )
})

test('returns are stored before their file is put away; a bad line is named, a returned letter kills its address', async () => {
  const { db, channel, folder, accountId } = await aPrintHouse(NUMBERS)
  const permits = [aLetter(), aLetter()]
  await channel.send(permits)
  const text = [
    'reference,state,at,reason',
    'RA473124829CN,delivered,2026-11-26T10:00:00+08:00,',
    'RA473124832CN,returned,2026-11-26T11:00:00+08:00,查无此人, 原址拆迁',
    'RA473124850CN,lost,2026-11-26T11:00:00+08:00,',
    'somebody,returned,2026-11-26T11:00:00+08:00,',
  ].join('\n')
  await writeFile(join(folder, 'in', 'day-1.csv'), text)
  const told: { receipts: ProviderReceipt[]; items: InboundItem[] } = { receipts: [], items: [] }
  let isDown = true
  const handlers = {
    onReceipts: async (receipts: readonly ProviderReceipt[]) => {
      if (isDown) throw new Error('the database is away')
      told.receipts.push(...receipts)
    },
    onInbound: async (item: InboundItem) => {
      told.items.push(item)
    },
  }
  const take = () => takeReturns({ folder, accountId, handlers, db })
  await assert.rejects(take())
  isDown = false
  assert.equal(await take(), 1)
  assert.deepEqual(
    told.receipts.map(({ providerMessageId, line }) => [providerMessageId, line]),
    [
      ['RA473124829CN', 'delivered'],
      ['RA473124832CN', 'failed'],
    ],
  )
  assert.deepEqual(
    told.items.map(
      (item) => item.kind === 'bounce' && [item.permitId, item.severity, item.diagnostic],
    ),
    [[permits[1]?.permitId, 'hard', '查无此人, 原址拆迁']],
  )
  assert.equal(await take(), 0)
  const problems = await readFile(join(folder, 'in/done/day-1.csv.problems'), 'utf8')
  assert.match(problems, /line 5: reference is no number of a letter/)
  assert.match(problems, /line 4: state is not delivered, returned or refused/)
})

test('a file of returns without its head says what was expected', () => {
  assert.deepEqual(readReturns('a;b\n').problems, ['line 1: expected reference,state,at,reason'])
})

test('check digits agree with the example of UPU S10 and its two odd remainders', () => {
  const of = (serial: number) => trackingNumber(serial, { prefix: 'RA', country: 'GB' })
  assert.equal(of(47_312_482), 'RA473124829GB')
  // Sums of 0 and 1 modulo 11: the check digits 5 and 0.
  assert.equal(of(0), 'RA000000005GB')
  assert.equal(of(8), 'RA000000080GB')
})
