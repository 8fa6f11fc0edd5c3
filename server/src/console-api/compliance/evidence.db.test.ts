import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { z } from 'zod'
import { dispatchDue, verifyExport } from '../../contact/index.ts'
import { aSink } from '../../contact/test-gate.ts'
import { sealBatches } from '../../platform/evidence/index.ts'
import { unzipStored } from '../../platform/test-unzip.ts'
import { type Ask, aConsole, PASSWORD } from '../test-console.ts'

const console = await aConsole()
const { db, gate, clock, signer, home, url } = console
const headsFile = join(home, 'heads.jsonl')
await console.hire('officer@example.com', ['compliance'])
await console.hire('auditor@example.com', ['auditor'])
await console.hire('manager@example.com', ['manager'])
await console.hire('outside@example.com', ['compliance'], { agency: 'outside' })
const { ask } = await console.signIn('officer@example.com')
const auditor = (await console.signIn('auditor@example.com')).ask

await dispatchDue({ db, gate, outlets: [aSink('sms', clock)], now: clock.now })
const [first] = await db.query<{ case_id: string }>('select min(case_id) as case_id from decision')
const caseId = first?.case_id ?? ''

/** A verification as the console tells it, once it is over. */
async function verified(body: object, by: Ask = ask): Promise<Record<string, unknown>> {
  const started = await by('POST /console-api/evidence/checks', body)
  assert.equal(started.status, 200, JSON.stringify(started.body))
  for (let tries = 0; tries < 500; tries += 1) {
    const { body: check } = await by(`GET /console-api/evidence/checks/${started.body.id}`)
    if (check.state !== 'running') return check
    await new Promise((resolve) => setImmediate(resolve))
  }
  throw new Error('the verification does not end')
}

async function download(email: string, query: string): Promise<Response> {
  const signedIn = await fetch(`${url}/auth/sign-in/email`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ email, password: PASSWORD }),
  })
  const cookie = signedIn.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
  return fetch(`${url}/console-api/evidence/archive?${query}`, { headers: { cookie } })
}

test('what has no place in the chain yet is neither exported nor verified as an export', async () => {
  const early = await ask('POST /console-api/evidence/checks', { kind: 'case', caseId })
  assert.equal(early.body.code, 'evidence.not_sealed')
  assert.equal((await ask('GET /console-api/evidence')).body.waiting, 1)
  await sealBatches(db, { signer, headsFile, at: clock.now() })
})

test('the log is verified with its head, an anchor from elsewhere, and who asked', async () => {
  const { body } = await ask('GET /console-api/evidence')
  const head = z.object({ sequence: z.number(), hash: z.string() }).parse(body.head)
  const good = await verified({ kind: 'log', anchor: head.hash }, auditor)
  assert.deepEqual(
    [good.state, good.problemCount, good.decisions, good.head, good.askedBy],
    [
      'done',
      0,
      body.decisions,
      { sequence: head.sequence, hash: head.hash },
      'auditor@example.com',
    ],
  )
  const strange = await verified({ kind: 'log', anchor: 'ab'.repeat(32) })
  assert.match(JSON.stringify(strange.problems), /is not in the chain/)
  const { lastOfLog } = (await ask('GET /console-api/evidence')).body
  assert.deepEqual(lastOfLog, strange)
  assert.equal(
    (await ask('POST /console-api/evidence/checks', { kind: 'log', anchor: 'x' })).status,
    400,
  )
})

test('the evidence of a case and of days verifies, and so does what is taken away, without us', async () => {
  for (const of of [
    { kind: 'case', caseId },
    { kind: 'period', from: '2026-06-01', to: '2026-06-01' },
    { kind: 'period', from: '2026-05-01', to: '2026-06-01', portfolio: 'main' },
  ]) {
    const found = await verified(of)
    assert.deepEqual([found.state, found.problemCount], ['done', 0], JSON.stringify(found))
    assert.equal(found.decisions, found.total)
    assert.ok(Number(found.decisions) > 0)
  }
  const answer = await download(
    'officer@example.com',
    'from=2026-06-01&to=2026-06-01&purpose=audit',
  )
  assert.equal(answer.status, 200)
  const folder = await mkdtemp(join(tmpdir(), 'dunlin-taken-'))
  for (const { name, content } of unzipStored(Buffer.from(await answer.arrayBuffer())))
    await writeFile(join(folder, name), content)
  assert.deepEqual((await verifyExport(folder)).problems, [])
  const program = join(import.meta.dirname, '../../../../docs/verify-inclusion.mjs')
  assert.match(
    execFileSync(process.execPath, [program, folder], { encoding: 'utf8' }),
    /[1-9]\d* decisions, \d+ documents, 0 problems/,
  )
})

test('nothing leaves without the role and a purpose, and the audit names who took what', async () => {
  const left = await readdir(tmpdir())
  for (const email of ['auditor@example.com', 'manager@example.com', 'outside@example.com'])
    assert.equal((await download(email, `caseId=${caseId}&purpose=legal`)).status, 403, email)
  assert.equal((await download('officer@example.com', `caseId=${caseId}`)).status, 400)
  assert.equal((await download('officer@example.com', 'caseId=999999&purpose=legal')).status, 422)
  const backwards = 'from=2026-06-02&to=2026-06-01&purpose=legal'
  assert.equal((await download('officer@example.com', backwards)).status, 400)
  const entries = () =>
    db.query(`select actor, subject, detail from audit_event where action = 'evidence.exported'
      and subject like 'case%' order by 1`)
  assert.deepEqual(await entries(), [])
  assert.equal(
    (await download('officer@example.com', `caseId=${caseId}&purpose=legal`)).status,
    200,
  )
  assert.deepEqual(await entries(), [
    {
      actor: 'officer@example.com',
      subject: `case ${caseId}`,
      detail: { purpose: 'legal', decisions: 1 },
    },
  ])
  const kept = (await readdir(tmpdir())).filter((name) => !left.includes(name))
  assert.deepEqual(
    kept.filter((name) => /^dunlin-(check|archive)-/.test(name)),
    [],
  )
})

test('one verification runs at a time, and one whose process is gone ends as failed', async () => {
  await db.run(
    `insert into evidence_check (kind, state, asked_by, started_at, seen_at, decisions_total)
     values ('log', 'running', 'x', $1, $1, 5)`,
    [new Date(clock.now()).toISOString()],
  )
  const busy = await ask('POST /console-api/evidence/checks', { kind: 'log' })
  assert.equal(busy.body.code, 'evidence.busy')
  console.wall.pass(120_001)
  const { checks } = (await ask('GET /console-api/evidence')).body
  assert.match(JSON.stringify(checks), /"state":"failed","askedBy":"x"/)
  assert.equal((await verified({ kind: 'log' })).state, 'done')
})

/** As somebody would who holds the database: the guards of the tables are off. */
async function allowRewriting(table: string): Promise<void> {
  const partitions = await db.query<{ name: string }>(
    'select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass',
    [table],
  )
  for (const { name } of [{ name: table }, ...partitions])
    await db.run(`alter table ${name} disable trigger user`)
}

test('what was rewritten is found: which decision, and what of it differs', async () => {
  await allowRewriting('decision')
  await allowRewriting('decision_payload')
  const [place] = await db.query<{ name: string; verdict: string }>(
    `select borrower_id || '-' || decision_id as name, verdict from decision where case_id = $1`,
    [caseId],
  )
  const decision = `decision ${place?.name}`
  const verdict = (to: string) =>
    db.run('update decision set verdict = $2 where case_id = $1', [caseId, to])
  await verdict('refuse')
  const differs = [`${decision}: verdict of the row is not that of its leaf`]
  assert.deepEqual((await verified({ kind: 'log' })).problems, differs)
  assert.deepEqual((await verified({ kind: 'case', caseId })).problems, differs)
  await verdict(place?.verdict ?? '')
  assert.deepEqual((await verified({ kind: 'log' })).problems, [])

  const facts = () =>
    db.run(
      `update decision_payload p set sealed = set_byte(sealed, 40, get_byte(sealed, 40) # 1)
       from decision d where d.decision_id = p.decision_id and d.case_id = $1`,
      [caseId],
    )
  await facts()
  const unopened = [`${decision}: its facts cannot be opened`]
  assert.deepEqual((await verified({ kind: 'log' })).problems, unopened)
  assert.deepEqual((await verified({ kind: 'case', caseId })).problems, unopened)
  await facts()

  await db.run(`update decision set leaf = replace(leaf, '"', '" ') where case_id = $1`, [caseId])
  assert.deepEqual((await verified({ kind: 'log' })).problems, [
    `${decision}: its leaf cannot be read`,
    'batch 1: its leaves do not give its root',
  ])
})

test('who may look does not therefore verify, and an agency sees none of it', async () => {
  const manager = (await console.signIn('manager@example.com')).ask
  assert.equal((await manager('GET /console-api/evidence')).status, 200)
  assert.equal((await manager('GET /console-api/evidence/batches')).status, 200)
  const cases = await manager('GET /console-api/evidence/cases?borrower=B1')
  assert.match(JSON.stringify(cases.body), /"portfolio":"main","state":"open"/)
  assert.equal((await manager('POST /console-api/evidence/checks', { kind: 'log' })).status, 403)
  const outside = (await console.signIn('outside@example.com')).ask
  for (const path of ['', '/batches', '/cases?borrower=B1', '/checks/1'])
    assert.equal((await outside(`GET /console-api/evidence${path}`)).status, 403, path)
  assert.equal((await outside('POST /console-api/evidence/checks', { kind: 'log' })).status, 403)
  assert.deepEqual(console.failures, [])
})
