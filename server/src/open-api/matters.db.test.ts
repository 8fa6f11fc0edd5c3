import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { utc } from '../contact/test-gate.ts'
import { anApi, caseOf, KEYS, problemOf } from './test-api.ts'

const api = await anApi()
const { call, db, clock } = api
const caseId = await caseOf(db, 'B1')
const SHA = 'ab'.repeat(32)

const opened = z.object({
  id: z.string(),
  holdId: z.string(),
  owner: z.string(),
  dueOn: z.string(),
})
async function open(path: string, change: object = {}) {
  const body = { caseId, reason: 'he said: 我从来没有借过', channel: 'call', ...change }
  const made = await call(`POST /api/v1/${path}`, { body })
  assert.equal(made.status, 201, made.bytes.toString())
  return opened.parse(made.json)
}

async function verdicts(): Promise<string[]> {
  const { json } = await call(`GET /api/v1/cases/${caseId}/permissions`)
  const items = z.array(z.object({ now: z.object({ verdict: z.string() }) })).parse(json.items)
  return [...new Set(items.map(({ now }) => now.verdict))]
}

const matterShape = z.object({
  state: z.string(),
  text: z.string(),
  owner: z.string(),
  isOverdue: z.boolean(),
  steps: z.array(z.object({ kind: z.string(), by: z.string(), text: z.string().nullable() })),
  documents: z.array(z.object({ sha256: z.string() })),
})
async function read(id: string) {
  return matterShape.parse((await call(`GET /api/v1/matters/${id}`)).json)
}

test('every kind of matter holds contact when it answers, and its decision lets it go on', async () => {
  const paths = [
    'hardships',
    'disputes',
    'complaints',
    'bereavements',
    'deaths',
    'third-party-stops',
    'breathing-spaces',
  ]
  assert.ok((await verdicts()).includes('permit'))
  for (const path of paths) {
    const matter = await open(path)
    const stopsAll = path !== 'third-party-stops'
    assert.equal((await verdicts()).includes('permit'), !stopsAll, path)
    const decision = { outcome: 'rejected', reasons: 'nothing was found' }
    const decided = await call(`POST /api/v1/matters/${matter.id}/decision`, { body: decision })
    assert.deepEqual(decided.json, { state: 'decided', appealUntilOn: '2026-07-01' }, path)
    assert.ok((await verdicts()).includes('permit'), path)
  }
})

test('a matter has an owner, a deadline in working days, documents by hash and its words in no plain column', async () => {
  const documents = [{ title: 'letter', reference: 'archive/1', sha256: SHA }]
  const matter = await open('complaints', {
    raisedBy: 'relative',
    owner: 'complaints-desk',
    documents,
  })
  // Ten working days from Monday 1 June, with the Dragon Boat holiday on Friday 19 June after them.
  assert.deepEqual([matter.owner, matter.dueOn], ['complaints-desk', '2026-06-15'])
  const more = await call(`POST /api/v1/matters/${matter.id}/documents`, { body: documents[0] })
  assert.equal(more.status, 201)
  const found = await read(matter.id)
  assert.equal(found.text, 'he said: 我从来没有借过')
  assert.deepEqual(
    found.steps.map(({ kind }) => kind),
    ['received', 'document', 'document'],
  )
  assert.deepEqual(
    found.documents.map(({ sha256 }) => sha256),
    [SHA, SHA],
  )
  const plain = await db.query(
    `select 1 from matter m, hold h, outbox o, matter_step s
     where m::text || h::text || o::text || s::text like '%从来没有%' limit 1`,
  )
  assert.deepEqual(plain, [])
  await call(`POST /api/v1/matters/${matter.id}/owner`, { body: { owner: 'somebody else' } })
  assert.equal((await read(matter.id)).owner, 'somebody else')
})

test('what is past its deadline is listed as overdue until it is decided', async () => {
  const list = async () => {
    const { json } = await call(`GET /api/v1/matters?overdue=true&caseId=${caseId}`)
    return z.array(z.object({ id: z.string(), isOverdue: z.boolean() })).parse(json.items)
  }
  assert.deepEqual(await list(), [])
  clock.set(utc('2026-06-16T02:00:00Z'))
  const late = await list()
  assert.ok(late.length === 1 && late[0]?.isOverdue)
  const body = { outcome: 'upheld', reasons: 'called at night: we were wrong' }
  await call(`POST /api/v1/matters/${late[0]?.id}/decision`, { body })
  assert.deepEqual(await list(), [])
})

test('an appeal holds contact again, in its days, and somebody else decides on it, once', async () => {
  const matter = await open('disputes', { loanNo: 'L2' })
  const path = `POST /api/v1/matters/${matter.id}`
  const appeal = { reason: 'this is still not mine' }
  assert.equal(
    problemOf(await call(`${path}/appeal`, { body: appeal })),
    '409 matter.not_decided id',
  )
  const rejected = { outcome: 'rejected', reasons: 'the contract is signed' }
  assert.equal((await call(`${path}/decision`, { body: rejected })).status, 201)
  assert.equal(
    problemOf(await call(`${path}/decision`, { body: rejected })),
    '409 matter.not_open id',
  )
  const taken = await call(`${path}/appeal`, { body: appeal })
  assert.equal(taken.status, 201, taken.bytes.toString())
  const holds = await db.query<{ kind: string; debts: string | null }>(
    `select kind, debts::text from hold where to_at is null or to_at > $1 order by hold_id`,
    ['2026-06-16T02:00:00Z'],
  )
  assert.deepEqual(
    holds.map(({ kind, debts }) => [kind, debts !== null]),
    [['dispute', true]],
  )
  assert.equal(
    problemOf(await call(`${path}/decision`, { body: rejected })),
    '422 matter.same_person id',
  )
  const last = await call(`${path}/decision`, { body: rejected, key: KEYS.admin })
  assert.deepEqual(last.json, { state: 'closed', appealUntilOn: null })
  assert.equal(
    problemOf(await call(`${path}/appeal`, { body: appeal })),
    '409 matter.not_decided id',
  )
  const other = await open('disputes')
  const first = { body: rejected }
  await call(`POST /api/v1/matters/${other.id}/decision`, first)
  clock.set(utc('2026-07-20T02:00:00Z'))
  const late = await call(`POST /api/v1/matters/${other.id}/appeal`, { body: appeal })
  assert.equal(problemOf(late), '409 matter.appeal_over id')
})

test('a death that is confirmed keeps the hold, and the gate refuses for good', async () => {
  const matter = await open('deaths', { raisedBy: 'relative' })
  const body = { outcome: 'upheld', reasons: 'certificate seen' }
  await call(`POST /api/v1/matters/${matter.id}/decision`, { body })
  assert.deepEqual(await verdicts(), ['refuse'])
  await db.run('update hold set to_at = from_at')
  assert.deepEqual(await verdicts(), ['refuse'])
})

test('what a matter gets wrong is named by its field; a foreign loan or party is none', async () => {
  const post = async (change: object) =>
    problemOf(await call('POST /api/v1/disputes', { body: { caseId, reason: 'r', ...change } }))
  assert.equal(await post({ caseId: '999999' }), '404 resource.not_found caseId')
  assert.equal(await post({ loanNo: 'L3' }), '404 resource.not_found loanNo')
  assert.equal(await post({ partyId: '99' }), '404 resource.not_found partyId')
  assert.equal(await post({ channel: 'pigeon' }), '400 request.invalid channel')
  const documents = [{ title: 't', reference: 'r', sha256: 'AB' }]
  assert.equal(await post({ documents }), '400 request.invalid documents.0.sha256')
  assert.equal(problemOf(await call('GET /api/v1/matters/999')), '404 resource.not_found id')
  assert.deepEqual(api.failures, [])
})
