import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { aConsole } from '../test-console.ts'

const console = await aConsole()
const { db } = console
await console.hire('wang@example.com', ['manager'])
await console.hire('lead@example.com', ['team-lead'], { team: 'early' })
await console.hire('ann@example.com', ['agent'], { agentLogin: 'ann', team: 'early' })
await console.hire('out@example.com', ['manager'], { agency: 'outside' })
const manager = (await console.signIn('wang@example.com')).ask
const lead = (await console.signIn('lead@example.com')).ask
const agent = (await console.signIn('ann@example.com')).ask
const outsider = (await console.signIn('out@example.com')).ask
const RULE = { portfolio: 'main' }
const because = { reason: 'mistake' }

const moves = z.array(
  z.looseObject({
    id: z.string(),
    caseId: z.string(),
    from: z.string().nullable(),
    to: z.string().nullable(),
    reason: z.string(),
    isLatest: z.boolean(),
  }),
)
const preview = z.looseObject({
  seed: z.int(),
  digest: z.string(),
  cases: z.int(),
  agents: z.array(z.looseObject({ agent: z.string(), cases: z.int() })),
  strata: z.array(z.looseObject({ shares: z.array(z.int()) })),
})
const count = async (): Promise<number> =>
  (await db.query('select 1 from assignment where to_at is null')).length
const movesOf = async (query = '') =>
  moves.parse((await manager(`GET /console-api/moves${query}`)).body.items)
const tried = async () =>
  preview.parse((await manager('POST /console-api/deals/preview', RULE)).body)

test('deals, capacity and placements are a manager’s of the house; a team lead moves within the team', async () => {
  for (const who of [agent, outsider]) {
    assert.equal((await who('GET /console-api/agents')).status, 403)
    assert.equal((await who('GET /console-api/moves')).status, 403)
  }
  for (const who of [agent, lead, outsider]) {
    assert.equal((await who('GET /console-api/waiting')).status, 403)
    assert.equal((await who('GET /console-api/deals')).status, 403)
    assert.equal((await who('POST /console-api/deals/preview', RULE)).status, 403)
    assert.equal((await who('POST /console-api/deals/1/undo', because)).status, 403)
    const load = { capacity: 9000, skills: [] }
    assert.equal((await who('POST /console-api/agents/ann', load)).status, 403)
  }
  const { body } = await lead('GET /console-api/agents')
  assert.match(JSON.stringify(body.items), /"login":"ann".*"login":"bob"/)
})

test('cases that nobody has are counted by stratum, and every one of them once', async () => {
  const { body } = await manager('GET /console-api/waiting')
  const items = z.array(z.looseObject({ cases: z.int() })).parse(body.items)
  const open = await db.query(`select 1 from collection_case where state = 'open'`)
  assert.equal(
    items.reduce((sum, { cases }) => sum + cases, 0),
    open.length,
  )
  assert.deepEqual((await manager('GET /console-api/waiting?portfolio=none')).body.items, [])
})

test('a preview keeps nothing, its deal gives what it showed, and one undoing takes all of it back', async () => {
  const shown = await tried()
  assert.equal(await count(), 0)
  assert.ok(shown.cases > 0)
  for (const { shares } of shown.strata) assert.ok(Math.max(...shares) - Math.min(...shares) <= 1)
  const { seed, digest } = shown
  const stale = { ...RULE, seed, digest: '0'.repeat(64) }
  assert.equal(
    (await manager('POST /console-api/deals', stale)).body.code,
    'assignment.book_changed',
  )
  assert.equal(await count(), 0)
  const made = await manager('POST /console-api/deals', { ...RULE, seed, digest })
  assert.equal(made.status, 200, JSON.stringify(made.body))
  assert.equal(await count(), shown.cases)
  const { body } = await manager('GET /console-api/agents')
  const floor = z.array(z.looseObject({ login: z.string(), held: z.int() })).parse(body.items)
  for (const { agent: login, cases } of shown.agents)
    assert.equal(floor.find((each) => each.login === login)?.held, cases)
  const undo = `POST /console-api/deals/${made.body.id}/undo`
  assert.equal((await manager(undo, {})).status, 400)
  assert.equal((await manager(undo, because)).body.cases, shown.cases)
  assert.equal(await count(), 0)
  assert.equal((await manager(undo, because)).body.code, 'assignment.undone')
  const again = await manager('POST /console-api/deals/preview', { ...RULE, seed })
  assert.equal(again.body.digest, digest, 'the same seed deals the same book alike')
})

test('a case is moved with a reason, within reach and team; undone it goes back, and the history keeps all', async () => {
  const { seed, digest } = await tried()
  await manager('POST /console-api/deals', { ...RULE, seed, digest })
  const [first] = await movesOf()
  const caseId = first?.caseId ?? ''
  const from = first?.to ?? ''
  const to = from === 'ann' ? 'bob' : 'ann'
  const given = { caseId, agent: to, reason: 'speaks the dialect' }
  const path = 'POST /console-api/moves'
  assert.equal((await agent(path, given)).status, 403)
  assert.equal((await outsider(path, given)).status, 403)
  assert.equal((await manager(path, { ...given, reason: ' ' })).status, 400)
  assert.equal((await manager(path, { ...given, caseId: '999999' })).status, 404)
  await db.run('update agent set team_id = null where login = $1', [to])
  assert.equal((await lead(path, given)).body.code, 'assignment.no_agent')
  console.clock.set(Date.UTC(2026, 5, 1, 6, 1))
  assert.equal((await manager(path, given)).status, 200)
  const [now, before] = await movesOf(`?caseId=${caseId}`)
  assert.deepEqual([now?.from, now?.to, now?.reason, now?.isLatest], [from, to, given.reason, true])
  assert.equal(before?.isLatest, false)
  assert.equal((await lead(`POST /console-api/moves/${now?.id}/undo`, because)).status, 404)
  console.clock.set(Date.UTC(2026, 5, 1, 6, 2))
  assert.equal((await manager(`POST /console-api/moves/${now?.id}/undo`, because)).status, 200)
  const [last] = await movesOf(`?caseId=${caseId}`)
  assert.deepEqual([last?.from, last?.to, last?.reason], [to, from, 'mistake'])
  const twice = await manager(`POST /console-api/moves/${now?.id}/undo`, because)
  assert.equal(twice.body.code, 'assignment.moved_since')
  assert.equal((await movesOf('?hand=true')).length, 2 + (await returnsOf()))
})

const returnsOf = async (): Promise<number> =>
  (await db.query('select 1 from assignment where agent_id is null')).length

test('what an agent can hold and may take is changed with what stood before in the audit', async () => {
  const load = { capacity: 3, skills: ['hardship', 'en', 'en'] }
  assert.equal((await manager('POST /console-api/agents/nobody', load)).status, 404)
  assert.equal((await manager('POST /console-api/agents/bob', load)).status, 200)
  const { body } = await manager('GET /console-api/agents')
  assert.match(JSON.stringify(body.items), /"login":"bob"[^}]*"capacity":3[^}]*\["en","hardship"\]/)
  const audit = await db.query<{ action: string }>(
    `select distinct action from audit_event where action like 'assignment.%' or action like 'agent.%' order by 1`,
  )
  assert.deepEqual(
    audit.map(({ action }) => action),
    ['agent.changed', 'assignment.dealt', 'assignment.moved', 'assignment.undone'],
  )
})
