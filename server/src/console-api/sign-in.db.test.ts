import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CONSOLE_ENDPOINTS } from '@dunlin/contract'
import { aConsole, PASSWORD } from './test-console.ts'

// Who gets in, and who may do what.

const console = await aConsole()
await console.hire('agent@example.com', ['agent'], { team: 'early', agentLogin: 'ann' })
await console.hire('manager@example.com', ['manager'])
await console.hire('outside@example.com', ['agent'], { agency: 'outside' })

describe('signing in', () => {
  it('nobody reaches any address without a session', async () => {
    for (const { key } of CONSOLE_ENDPOINTS) {
      const { status, body } = await console.ask(key.replace(/:\w+/g, '1'))
      assert.equal(`${status} ${String(body.code)}`, '401 auth.missing', key)
    }
  })

  it('a password lets in; the answer says who it is and what they may do', async () => {
    const { status, ask } = await console.signIn('agent@example.com')
    assert.equal(status, 200)
    const me = await ask('GET /console-api/me')
    assert.deepEqual(me.body.roles, ['agent'])
    assert.deepEqual(me.body.capabilities, ['case.read', 'case.work', 'case.hold'])
  })

  it('nobody signs up, and an account without a role reaches nothing', async () => {
    const { status } = await console.ask('POST /auth/sign-up/email', {
      email: 'new@example.com',
      name: 'New',
      password: PASSWORD,
    })
    assert.equal(status, 400)
    const given = { email: 'bare@example.com', name: 'Bare', password: PASSWORD }
    await console.auth.createUser(given)
    const { ask } = await console.signIn('bare@example.com')
    assert.equal((await ask('GET /console-api/me')).body.code, 'auth.role')
  })

  it('a role that is not enough is refused with the roles that are', async () => {
    const { ask } = await console.signIn('agent@example.com')
    const { status, body } = await ask('GET /console-api/board')
    assert.equal(`${status} ${String(body.code)}`, '403 auth.role')
    assert.match(String(body.detail), /manager/)
  })

  it('a page from elsewhere changes nothing with somebody’s cookie', async () => {
    const { url } = console
    const answer = await fetch(`${url}/console-api/me/language`, {
      method: 'PUT',
      headers: { origin: 'http://elsewhere.example.com', 'content-type': 'application/json' },
      body: JSON.stringify({ language: 'en' }),
    })
    assert.equal(answer.status, 403)
  })

  it('a session that was revoked ends at its next request', async () => {
    const first = await console.signIn('manager@example.com')
    const second = await console.signIn('manager@example.com')
    const { body } = await second.ask('GET /auth/list-sessions')
    assert.ok(Array.isArray(body.items) && body.items.length >= 2)
    assert.equal((await second.ask('POST /auth/revoke-other-sessions')).status, 200)
    assert.equal((await first.ask('GET /console-api/me')).status, 401)
    assert.equal((await second.ask('GET /console-api/me')).status, 200)
  })
})

describe('lock-out', () => {
  it('five wrong passwords lock the address, also for the right one, for fifteen minutes', async () => {
    await console.hire('guessed@example.com', ['agent'])
    for (let tries = 0; tries < 5; tries += 1)
      assert.equal((await console.signIn('guessed@example.com', `wrong ${tries}`)).status, 401)
    assert.equal((await console.signIn('Guessed@example.com')).status, 429)
    console.wall.pass(15 * 60_000 + 1)
    assert.equal((await console.signIn('guessed@example.com')).status, 200)
  })
})

describe('reach', () => {
  const total = async (email: string): Promise<number> => {
    const { ask } = await console.signIn(email)
    const { body } = await ask('GET /console-api/cases')
    return Array.isArray(body.items) ? body.items.length : -1
  }

  it('an agency sees nothing until a case is placed with it, and then that one', async () => {
    assert.equal(await total('outside@example.com'), 0)
    const all = await total('agent@example.com')
    assert.ok(all > 1)
    await console.db.run(
      `with p as (insert into placement (name, agency_id, portfolio_id, placed_by, placed_at, recall_on)
         select 'batch', agency_id, portfolio_id, 'test', '2026-06-01Z', '2026-09-01' from agency, portfolio limit 1
         returning placement_id)
       insert into placed_case (borrower_id, case_id, placement_id, arrears_minor, currency, placed_at)
       select borrower_id, case_id, placement_id, arrears_minor, currency, '2026-06-01Z'
       from collection_case, p where state = 'open' order by case_id limit 1`,
    )
    assert.equal(await total('outside@example.com'), 1)
    assert.equal(
      await total('agent@example.com'),
      all - 1,
      'what is placed outside leaves the team',
    )
    assert.equal(await total('manager@example.com'), all)
  })

  it('pages of the list hold every case once, in each of its orders', async () => {
    const { ask } = await console.signIn('manager@example.com')
    const orders = {
      arrears: 'arrears_minor desc, case_id desc',
      dpd: 'ages_from_on, case_id',
      opened: 'opened_on desc, case_id desc',
      'next-step': 'next_step_on, borrower_id, case_id',
    }
    for (const [sort, order] of Object.entries(orders)) {
      const seen: unknown[] = []
      let cursor = ''
      do {
        const page = await ask(`GET /console-api/cases?limit=1&sort=${sort}${cursor}`)
        const { items, nextCursor } = page.body
        if (Array.isArray(items)) seen.push(...items.map((item: { id: string }) => item.id))
        cursor = typeof nextCursor === 'string' ? `&cursor=${nextCursor}` : ''
      } while (cursor !== '')
      const [column] = order.split(/[ ,]/)
      const rows = await console.db.query<{ case_id: string }>(
        `select case_id from collection_case where state = 'open' and ${column} is not null order by ${order}`,
      )
      assert.ok(rows.length > 0, sort)
      assert.deepEqual(
        seen,
        rows.map((row) => row.case_id),
        sort,
      )
    }
  })

  it('stages to filter by are those of open cases, the youngest first', async () => {
    const { ask } = await console.signIn('manager@example.com')
    const rows = await console.db.query<{ stage: string }>(
      `select noted_stage as stage from collection_case where state = 'open' and noted_stage is not null
       group by 1 order by max(ages_from_on) desc`,
    )
    assert.ok(rows.length > 0)
    const { body } = await ask('GET /console-api/cases/facets')
    assert.deepEqual(
      body.stages,
      rows.map(({ stage }) => stage),
    )
  })

  it('a case out of reach is not there; one within tells lamps with sources, and what happened', async () => {
    const manager = (await console.signIn('manager@example.com')).ask
    const outside = (await console.signIn('outside@example.com')).ask
    const [placed] = await console.db.query<{ id: string }>('select case_id as id from placed_case')
    const [other] = await console.db.query<{ id: string }>(
      `select case_id as id from collection_case where state = 'open' and case_id <> $1 limit 1`,
      [placed?.id ?? ''],
    )
    const path = 'GET /console-api/desk/cases'
    assert.equal((await outside(`${path}/${other?.id}`)).status, 404)
    assert.equal((await outside(`${path}/${placed?.id}`)).status, 200)
    const told = JSON.stringify((await manager(`${path}/${other?.id}`)).body)
    assert.match(told, /"verdict":"(permit|defer|refuse)"/)
    assert.match(told, /case.opened|"kind":"case"/)
    assert.match(told, /"owed":null/, 'no amount before the identity is known')
  })

  it('no name leaves unmasked', async () => {
    const { ask } = await console.signIn('manager@example.com')
    const { body } = await ask('GET /console-api/cases')
    assert.match(JSON.stringify(body), /\*/)
    assert.deepEqual(console.failures, [])
  })
})
