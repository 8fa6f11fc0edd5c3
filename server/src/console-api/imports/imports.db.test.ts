import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LOANS } from '../../loanbook/test-book.ts'
import { aConsole, PASSWORD } from '../test-console.ts'

const console = await aConsole()
await console.hire('wang@example.com', ['manager'])
await console.hire('ann@example.com', ['agent'])
await console.hire('out@example.com', ['manager'], { agency: 'outside' })
const manager = (await console.signIn('wang@example.com')).ask
const agent = (await console.signIn('ann@example.com')).ask
const outsider = (await console.signIn('out@example.com')).ask
const [HEADER = '', ROW = ''] = LOANS.split('\n')
const NEW_ROW = ROW.replace('L1,B1', 'L7,B7').replace('19900000001', '19900000007')
const CSV = `${HEADER}\n${NEW_ROW}\n${ROW.replace('L1,', 'L8,').replace('10000.00', 'ten')}\n`

async function send(
  email: string,
  { fields = {}, origin = console.url }: { fields?: Record<string, string>; origin?: string } = {},
) {
  const signedIn = await fetch(`${console.url}/auth/sign-in/email`, {
    method: 'POST',
    headers: { origin: console.url, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  const form = new FormData()
  const all = { kind: 'loans', portfolio: 'main', ...fields }
  for (const [name, value] of Object.entries(all)) form.append(name, value)
  form.append('file', new Blob([CSV]), 'loans.csv')
  const answer = await fetch(`${console.url}/console-api/imports`, {
    method: 'POST',
    headers: { origin, cookie },
    body: form,
  })
  const json: Record<string, unknown> = JSON.parse(await answer.text())
  return { status: answer.status, json, cookie }
}

/** The import as the console tells it, once it is over. */
async function ended(id: unknown): Promise<Record<string, unknown>> {
  for (let tries = 0; tries < 500; tries += 1) {
    const { body } = await manager(`GET /console-api/imports/${id}`)
    if (body.state !== 'running') return body
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error(`import ${id} does not end`)
}

test('a file is loaded behind the answer, told row by row, and noted in the audit', async () => {
  const started = await send('wang@example.com')
  assert.equal(started.status, 201, JSON.stringify(started.json))
  const { id } = started.json
  const report = await ended(id)
  assert.deepEqual([report.state, report.created, report.rejected], ['done', 1, 1])
  const rejects = await manager(`GET /console-api/imports/${id}/rejects`)
  assert.match(JSON.stringify(rejects.body), /"line":3,.*"column":"principal_outstanding"/)
  const file = await fetch(`${console.url}/console-api/imports/${id}/reject-file`, {
    headers: { cookie: started.cookie },
  })
  assert.match(await file.text(), /^line,column,value,code,reason\n3,/)
  const list = await manager('GET /console-api/imports?portfolio=main&kind=loans&state=done')
  assert.ok(JSON.stringify(list.body.items).includes(`"id":"${id}"`))
  const [entry] = await console.db.query<{ actor: string }>(
    `select actor from audit_event where action = 'import.started' and subject = $1`,
    [`import ${id}`],
  )
  assert.equal(entry?.actor, 'wang@example.com')
})

test('the same file again makes nothing twice, and a dry run changes nothing', async () => {
  const again = await ended((await send('wang@example.com')).json.id)
  assert.deepEqual([again.created, again.unchanged], [0, 1])
  const before = await console.db.query('select count(*) from loan')
  const tried = await ended(
    (await send('wang@example.com', { fields: { dryRun: 'true' } })).json.id,
  )
  assert.deepEqual([tried.isDryRun, tried.state], [true, 'done'])
  assert.deepEqual(await console.db.query('select count(*) from loan'), before)
})

test('a file is taken from people of the house who manage portfolios, and from our own page', async () => {
  const { rows } = { rows: await console.db.query('select 1 from import_job') }
  assert.equal((await send('ann@example.com')).status, 403)
  assert.equal((await send('out@example.com')).status, 403)
  assert.equal(
    (await send('wang@example.com', { origin: 'https://elsewhere.example' })).status,
    403,
  )
  const unknown = await send('wang@example.com', { fields: { portfolio: 'none' } })
  assert.deepEqual([unknown.status, unknown.json.field], [422, 'portfolio'])
  assert.equal((await console.db.query('select 1 from import_job')).length, rows.length)
  for (const path of ['/console-api/imports', '/console-api/portfolios']) {
    assert.equal((await agent(`GET ${path}`)).status, 403)
    assert.equal((await outsider(`GET ${path}`)).status, 403)
  }
  assert.equal((await manager('GET /console-api/imports/999/rejects')).status, 404)
})

test('portfolios are listed with what lies in them', async () => {
  const { body } = await manager('GET /console-api/portfolios')
  const text = JSON.stringify(body.items)
  assert.match(text, /"name":"main"/)
  assert.match(text, /"importedAt":"2026-/)
})
