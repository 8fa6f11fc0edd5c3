import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatInstant, required } from '@dunlin/kernel'
import { z } from 'zod'
import { dispatchDue } from '../../contact/index.ts'
import { aSink } from '../../contact/test-gate.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { aConsole } from '../test-console.ts'

const console = await aConsole()
const { db, gate, clock } = console
await dispatchDue({ db, gate, outlets: [aSink('sms', clock)], now: clock.now })
await console.hire('officer@example.com', ['compliance'])
await console.hire('agent@example.com', ['agent'], { agentLogin: 'ann', team: 'early' })
const { ask } = await console.signIn('officer@example.com')

const decisions = z.object({
  items: z.array(
    z.object({ id: z.string(), verdict: z.string(), rules: z.array(z.string()), at: z.string() }),
  ),
  nextCursor: z.string().nullable(),
})
const list = async (query: string) =>
  decisions.parse((await ask(`GET /console-api/decisions?${query}`)).body)

test('every decision of the day is listed once, page by page, and explained', async () => {
  const stored = await db.query<{ id: string }>(
    `select borrower_id || '-' || decision_id as id from decision order by evidence_batch_id desc, leaf_index desc`,
  )
  assert.ok(stored.length > 0, 'the gate was asked')
  const seen: string[] = []
  let cursor = ''
  do {
    const page = await list(`limit=1&from=2026-06-01&to=2026-06-01${cursor}`)
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
  } while (cursor !== '')
  assert.deepEqual(
    seen,
    stored.map(({ id }) => id),
  )
  const { status, body } = await ask(`GET /console-api/decisions/${seen[0]}`)
  assert.equal(status, 200)
  assert.match(JSON.stringify(body), /"isSame":true/)
})

test('decisions are found by verdict, rule, borrower and day, and by nothing that is not so', async () => {
  const all = (await list('')).items
  for (const verdict of ['permit', 'defer', 'refuse'])
    assert.deepEqual(
      (await list(`verdict=${verdict}`)).items,
      all.filter((item) => item.verdict === verdict),
    )
  const rule = all.flatMap(({ rules }) => rules)[0] ?? ''
  assert.deepEqual(
    (await list(`rule=${rule}`)).items,
    all.filter(({ rules }) => rules.includes(rule)),
  )
  assert.deepEqual((await list('borrower=NOBODY')).items, [])
  assert.deepEqual((await list('from=2026-05-01&to=2026-05-31')).items, [])
  assert.equal((await ask('GET /console-api/decisions?from=yesterday')).status, 400)
  assert.equal((await ask('GET /console-api/decisions/1-999999')).status, 404)
  assert.equal((await ask('GET /console-api/decisions/x')).status, 404)
})

test('every rule of every pack is told with its source, and which portfolios it binds', async () => {
  const { body } = await ask('GET /console-api/rules')
  const found = z
    .object({
      packs: z.array(z.object({ id: z.string(), portfolios: z.array(z.string()) })),
      items: z.array(
        z.object({ id: z.string(), source: z.object({ instrument: z.string().min(1) }) }),
      ),
    })
    .parse(body)
  assert.ok(found.items.some(({ id }) => id === 'cn.time.quiet-hours'))
  assert.deepEqual(found.packs.find(({ id }) => id === 'cn')?.portfolios, ['main'])
  assert.deepEqual(found.packs.find(({ id }) => id === 'uk')?.portfolios, [])
})

test('the trail is searched by who, what and whose', async () => {
  const entry = { subject: 'strategy:x', at: formatInstant(clock.now()), detail: { version: 2 } }
  await insertAudit(db, { ...entry, actor: 'a@example.com', action: 'strategy.released' })
  await insertAudit(db, { ...entry, actor: 'b@example.com', action: 'hold.started' })
  const actions = async (query: string): Promise<string[]> => {
    const { body } = await ask(`GET /console-api/audit?${query}`)
    return z
      .object({ items: z.array(z.object({ action: z.string() })) })
      .parse(body)
      .items.map(({ action }) => action)
  }
  assert.deepEqual(await actions('actor=a@example.com'), ['strategy.released'])
  assert.deepEqual(await actions('action=hold'), ['hold.started'])
  assert.deepEqual(await actions('subject=strategy:x'), ['hold.started', 'strategy.released'])
  assert.deepEqual(await actions('subject=nobody'), [])
})

test('an agent sees none of it, and whoever belongs to an agency only the rules', async () => {
  const agent = (await console.signIn('agent@example.com')).ask
  for (const path of ['rules', 'decisions', 'decisions/1-1', 'audit'])
    assert.equal((await agent(`GET /console-api/${path}`)).status, 403, path)
  await console.hire('outside@example.com', ['compliance'], { agency: 'outside' })
  const outside = (await console.signIn('outside@example.com')).ask
  for (const path of ['decisions', 'decisions/1-1', 'audit'])
    assert.equal((await outside(`GET /console-api/${path}`)).status, 403, path)
  assert.equal((await outside('GET /console-api/rules')).status, 200)
  assert.deepEqual(console.failures, [])
})

test('the gate is asked about another moment, told in full, and nothing is kept of it', async () => {
  const attempts = () => db.query('select 1 from attempt')
  const before = (await attempts()).length
  const night = encodeURIComponent('2026-06-02T23:30:00+08:00')
  const path = `GET /console-api/gate/questions?borrower=B1&at=${night}`
  const { status, body } = await ask(path)
  assert.equal(status, 200)
  const contacts = z
    .array(z.object({ channel: z.string(), point: z.string(), verdict: z.string() }))
    .parse(body.contacts)
  const call = required(
    contacts.find(({ channel }) => channel === 'call'),
    'a call',
  )
  assert.equal(call.verdict, 'defer')
  const told = (await ask(`${path}&channel=call&point=${call.point}`)).body.told
  assert.match(JSON.stringify(told), /cn\.time\.quiet-hours/)
  assert.equal((await attempts()).length, before)
  assert.equal((await ask(`GET /console-api/gate/questions?borrower=nobody`)).status, 404)
  const far = encodeURIComponent('2027-06-02T23:30:00+08:00')
  assert.equal((await ask(`GET /console-api/gate/questions?borrower=B1&at=${far}`)).status, 400)
})
