import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { z } from 'zod'
import { day, load } from '../../loanbook/test-book.ts'
import { runCycle } from '../../strategy/run-cycle.ts'
import { type Ask, aConsole } from '../test-console.ts'

// The desk: two people never work on one borrower, and nothing of a debt is told before the identity is known.

const BORROWERS = 12
const HEADER =
  'loan_no,borrower_no,name,phone,email,id_no,principal_outstanding,overdue_principal,overdue_interest,overdue_penalty,fees,oldest_unpaid_due_on,as_of'
const rows = Array.from({ length: BORROWERS }, (_, index) => {
  const no = 100 + index
  return `K${no},C${no},测试甲,199000${String(10_000 + no)},c${no}@example.com,X00000000000${no}${no % 10},9000.00,${500 + index}.00,20.00,3.00,0,2026-05-2${index % 8},2026-05-31`
})

const console = await aConsole()
const { db, hire, signIn, wall } = console
await load(db, { kind: 'loans', text: `${[HEADER, ...rows].join('\n')}\n` })
await runCycle({
  db,
  reactions: console.reactions,
  asOf: day('2026-06-01'),
  at: console.clock.now(),
})
const PEOPLE = ['ann', 'bob'] as const
for (const login of PEOPLE)
  await hire(`${login}@example.com`, ['agent'], { agentLogin: login, team: 'early' })
await hire('lead@example.com', ['team-lead'], { team: 'early' })
await hire('out@example.com', ['agent'], { agency: 'outside' })

const text = z.string()
const asks: Record<string, Ask> = {}
for (const who of ['ann', 'bob', 'lead', 'out'])
  asks[who] = (await signIn(`${who}@example.com`)).ask
const ask = (who: string): Ask => asks[who] ?? assert.fail(who)

async function next(who: string, body: object = {}): Promise<string | null> {
  const reply = await ask(who)('POST /console-api/desk/next', { scope: 'all', ...body })
  assert.equal(reply.status, 200, `${JSON.stringify(reply.body)} ${console.failures.at(-1)}`)
  return text.nullable().parse(reply.body.caseId)
}

/** The last four of the identity number on record. */
async function answerOf(caseId: string): Promise<string> {
  const [row] = await db.query<{ sealed: Buffer }>(
    'select b.sealed from borrower b join collection_case c using (borrower_id) where c.case_id = $1',
    [caseId],
  )
  const opened: unknown = JSON.parse(console.gate.sealer.open(row?.sealed ?? Buffer.alloc(0)))
  return z.object({ idNo: z.string() }).parse(opened).idNo.slice(-4)
}
const phones = z.array(z.object({ channel: z.string(), contactPointId: z.string() }).loose())
async function phoneOf(who: string, caseId: string): Promise<string> {
  const { body } = await ask(who)(`GET /console-api/desk/cases/${caseId}`)
  const lamp = phones.parse(body.lamps).find(({ channel }) => channel === 'call')
  return lamp?.contactPointId ?? assert.fail('no phone')
}
async function verify(who: string, caseId: string) {
  return ask(who)(`POST /console-api/desk/cases/${caseId}/identity`, {
    basis: 'id-last4',
    answer: await answerOf(caseId),
  })
}
async function call(who: string, caseId: string): Promise<string> {
  const contactPointId = await phoneOf(who, caseId)
  const reply = await ask(who)(`POST /console-api/desk/cases/${caseId}/calls`, { contactPointId })
  assert.equal(reply.status, 200, `${JSON.stringify(reply.body)} ${console.failures.at(-1)}`)
  assert.equal(z.object({ verdict: z.string() }).loose().parse(reply.body.now).verdict, 'permit')
  return text.parse(reply.body.attemptId)
}

describe('the lease', () => {
  test('under a race of many asks, nobody holds a borrower whom somebody else holds', async () => {
    const who = ['ann', 'bob', 'lead']
    for (let round = 0; round < 5; round += 1) {
      const got = await Promise.all(who.map((each) => next(each)))
      assert.ok(got.every((caseId) => caseId !== null))
      assert.equal(new Set(got).size, who.length)
      wall.pass(100_000)
    }
    const held = await db.query('select borrower_id from work_lease where expires_at > $1', [
      new Date(wall.now() - 100_000).toISOString(),
    ])
    assert.equal(held.length, who.length, 'asking for the next lets go of the one before')
  })
  test('the same person keeps one, whatever they ask at once', async () => {
    await Promise.all(Array.from({ length: 6 }, () => next('ann').catch(() => null)))
    const held = await db.query(
      `select 1 from work_lease l join auth_user u on u.id = l.user_id where u.email = 'ann@example.com' and l.expires_at > $1`,
      [new Date(wall.now()).toISOString()],
    )
    assert.ok(held.length <= 1, `${held.length} at once`)
  })
  test('what is held by somebody else is shown and changed by nobody else', async () => {
    const caseId = await next('ann')
    const taken = await ask('bob')(`POST /console-api/desk/cases/${caseId}/lease`, {})
    assert.deepEqual([taken.body.holder, taken.body.isMine], ['ann', false])
    const list = await ask('bob')('GET /console-api/desk/worklist?scope=all')
    const items = z.array(z.object({ caseId: z.string(), holder: z.string().nullable() }).loose())
    const row = items.parse(list.body.items).find((each) => each.caseId === caseId)
    assert.equal(row?.holder, 'ann')
    const contactPointId = await phoneOf('bob', caseId ?? '')
    const tried = await ask('bob')(`POST /console-api/desk/cases/${caseId}/calls`, {
      contactPointId,
    })
    assert.deepEqual([tried.status, tried.body.code], [409, 'work.taken'])
    assert.notEqual(await next('bob'), caseId)
  })
  test('an agent takes over from nobody; a team lead does, and the audit says from whom', async () => {
    const caseId = await next('ann')
    const path = `POST /console-api/desk/cases/${caseId}/lease`
    assert.equal((await ask('bob')(path, { takeOver: true })).status, 403)
    const took = await ask('lead')(path, { takeOver: true })
    assert.equal(took.body.isMine, true)
    const lost = await ask('ann')(`POST /console-api/desk/cases/${caseId}/renew`, {})
    assert.deepEqual([lost.body.holder, lost.body.isMine], ['lead', false])
    const audits = await db.query(
      `select 1 from audit_event where action = 'lease.taken_over' and subject = $1`,
      [caseId],
    )
    assert.equal(audits.length, 1)
  })
  test('one that ran out changes nothing any more, and is free for the next', async () => {
    const caseId = (await next('ann')) ?? assert.fail()
    const contactPointId = await phoneOf('ann', caseId)
    wall.pass(91_000)
    const late = await ask('ann')(`POST /console-api/desk/cases/${caseId}/calls`, {
      contactPointId,
    })
    assert.deepEqual([late.status, late.body.code], [409, 'work.taken'])
    const note = await db.query('select 1 from attempt where case_id = $1 and channel = $2', [
      caseId,
      'call',
    ])
    assert.equal(note.length, 0)
    const taken = await ask('bob')(`POST /console-api/desk/cases/${caseId}/lease`, {})
    assert.equal(taken.body.isMine, true)
    const renewed = await ask('ann')(`POST /console-api/desk/cases/${caseId}/renew`, {})
    assert.equal(renewed.body.isMine, false)
  })
  test('an agency reaches, lists and takes nothing that was not placed with it', async () => {
    const list = await ask('out')('GET /console-api/desk/worklist?scope=all')
    assert.deepEqual(list.body.items, [])
    assert.equal(await next('out'), null)
    for (const path of [
      'lease',
      'renew',
      'identity',
      'calls',
      'wrap',
      'notes',
      'holds',
      'callbacks',
      'replies',
      'lint',
    ]) {
      const body = {
        lease: {},
        renew: {},
        identity: { reason: 'review' },
        calls: { contactPointId: '1' },
        wrap: { attemptId: '1', line: 'busy' },
        notes: { text: 'x' },
        holds: { kind: 'dispute', reason: 'x' },
        callbacks: { at: '2026-06-02T02:00:00Z', contactPointId: '1', reason: 'x' },
        replies: { channel: 'sms', text: 'x' },
        lint: { channel: 'sms', text: 'x' },
      }[path]
      const reply = await ask('out')(`POST /console-api/desk/cases/1/${path}`, body)
      assert.equal(reply.status, 404, `${path}: ${JSON.stringify(reply.body)}`)
    }
  })
})

describe('the identity gate', () => {
  let caseId = ''
  before(async () => {
    wall.pass(100_000)
    caseId = (await next('ann')) ?? assert.fail()
  })
  test('no amount leaves the server before it: not of loans, promises, payments or the script', async () => {
    const { body } = await ask('ann')(`GET /console-api/desk/cases/${caseId}`)
    assert.equal(body.owed, null)
    const found = JSON.stringify(body)
    assert.doesNotMatch(found, /"(arrears|outstanding|principal)Minor"/)
    const timeline = z.array(z.object({ amountMinor: z.null() }).loose())
    timeline.parse(body.timeline)
    const script = z.object({
      lines: z.array(z.object({ isAfterIdentity: z.boolean(), text: z.unknown() }).loose()),
    })
    const { lines } = script.parse(body.script)
    assert.ok(lines.some(({ isAfterIdentity }) => isAfterIdentity))
    for (const line of lines) assert.equal(line.text === null, line.isAfterIdentity)
  })
  test('three wrong answers end it, and a right one comes too late', async () => {
    const path = `POST /console-api/desk/cases/${caseId}/identity`
    for (const triesLeft of [2, 1, 0]) {
      const { body } = await ask('ann')(path, { basis: 'id-last4', answer: '0000' })
      assert.deepEqual(body, { isOpen: false, triesLeft })
    }
    const late = await verify('ann', caseId)
    assert.deepEqual([late.status, late.body.code], [429, 'auth.locked'])
    // Letting the borrower go and taking them again gives no more tries.
    await ask('ann')(`POST /console-api/desk/cases/${caseId}/release`, {})
    wall.pass(1_000)
    await ask('ann')(`POST /console-api/desk/cases/${caseId}/lease`, {})
    assert.equal((await verify('ann', caseId)).status, 429)
    const { body } = await ask('ann')(`GET /console-api/desk/cases/${caseId}`)
    assert.equal(body.owed, null)
  })
  test('a right answer opens the amounts, for the one who asked and for their sitting alone', async () => {
    const other = (await next('ann', { not: [caseId] })) ?? assert.fail()
    assert.equal((await verify('ann', other)).body.isOpen, true)
    const mine = await ask('ann')(`GET /console-api/desk/cases/${other}`)
    const owed = z
      .object({
        arrearsMinor: z.int(),
        principalMinor: z.int(),
        interestMinor: z.int(),
        feeMinor: z.int(),
        penaltyMinor: z.int(),
      })
      .loose()
    const sum = owed.parse(mine.body.owed)
    assert.ok(sum.arrearsMinor > 0)
    assert.equal(
      sum.principalMinor + sum.interestMinor + sum.feeMinor + sum.penaltyMinor,
      sum.arrearsMinor,
    )
    const theirs = await ask('lead')(`GET /console-api/desk/cases/${other}`)
    assert.equal(theirs.body.owed, null)
    await ask('ann')(`POST /console-api/desk/cases/${other}/release`, {})
    wall.pass(1_000)
    await ask('ann')(`POST /console-api/desk/cases/${other}/lease`, {})
    const again = await ask('ann')(`GET /console-api/desk/cases/${other}`)
    assert.equal(again.body.owed, null)
  })
  test('a reason opens it too, and the audit has the reason', async () => {
    const opened = await ask('lead')(`POST /console-api/desk/cases/${caseId}/identity`, {
      reason: 'review',
    })
    assert.equal(opened.body.isOpen, true)
    const audits = await db.query(
      `select 1 from audit_event where action = 'case.opened_without_identity' and subject = $1 and detail->>'reason' = 'review'`,
      [caseId],
    )
    assert.equal(audits.length, 1)
  })
})

describe('a call', () => {
  test('counts, is evidence, and is wrapped with everything that came of it', async () => {
    // The wrong answers of above are a day old.
    wall.pass(25 * 3_600_000)
    const caseId = (await next('ann')) ?? assert.fail()
    const attemptId = await call('ann', caseId)
    const [decision] = await db.query<{ verdict: string; state: string; permit_id: string | null }>(
      'select d.verdict, a.state, a.permit_id from decision d join attempt a using (borrower_id, attempt_id) where d.attempt_id = $1',
      [attemptId],
    )
    assert.deepEqual([decision?.verdict, decision?.state], ['permit', 'sent'])
    assert.notEqual(decision?.permit_id, null)
    const early = await ask('ann')(`POST /console-api/desk/cases/${caseId}/wrap`, {
      ...{ attemptId, line: 'connected', party: 'right-party', talk: 'promised', scope: 'all' },
    })
    assert.deepEqual([early.status, early.body.code], [422, 'desk.not_verified'])
    await verify('ann', caseId)
    const wrapped = await ask('ann')(`POST /console-api/desk/cases/${caseId}/wrap`, {
      ...{ attemptId, line: 'connected', party: 'right-party', talk: 'promised', scope: 'all' },
      ...{ said: ['greeting', 'identity'], note: '约定还款', delayReason: 'salary-late' },
      promise: { amountMinor: 50_000, dueOn: '2026-06-03', readBack: true },
    })
    assert.equal(wrapped.status, 200, JSON.stringify(wrapped.body))
    assert.notEqual(wrapped.body.nextCaseId, caseId)
    const [kept] = await db.query<{
      said: string[]
      promises: string
      notes: string
      held: string
    }>(
      `select o.said, (select count(*) from promise p where p.attempt_id = o.attempt_id and p.is_read_back) as promises,
         (select count(*) from case_note n where n.case_id = $2) as notes,
         (select count(*) from work_lease l join collection_case c using (borrower_id) where c.case_id = $2) as held
       from outcome o where o.attempt_id = $1`,
      [attemptId, caseId],
    )
    assert.deepEqual(kept, { said: ['greeting', 'identity'], promises: '1', notes: '1', held: '0' })
    // What is wrapped up is closed: neither its agent nor another writes into it.
    for (const who of ['ann', 'bob'] as const) {
      await ask(who)(`POST /console-api/desk/cases/${caseId}/lease`, {})
      const again = await ask(who)(`POST /console-api/desk/cases/${caseId}/wrap`, {
        ...{ attemptId, line: 'busy', scope: 'all' },
      })
      assert.deepEqual([again.status, again.body.code], [409, 'outcome.not_made'], who)
      await ask(who)(`POST /console-api/desk/cases/${caseId}/release`, {})
    }
  })
  test('a promise without a read-back, or with a sum that nobody said, is refused whole', async () => {
    const caseId = (await next('ann')) ?? assert.fail()
    const attemptId = await call('ann', caseId)
    await verify('ann', caseId)
    const body = {
      attemptId,
      line: 'connected',
      party: 'right-party',
      talk: 'promised',
      scope: 'all',
    }
    const path = `POST /console-api/desk/cases/${caseId}/wrap`
    const promise = { amountMinor: 50_000, dueOn: '2026-06-03', readBack: false }
    assert.equal((await ask('ann')(path, { ...body, promise })).status, 400)
    const late = { amountMinor: 50_000, dueOn: '2027-06-03', readBack: true }
    assert.equal((await ask('ann')(path, { ...body, promise: late })).status, 422)
    const kept = await db.query('select 1 from outcome where attempt_id = $1', [attemptId])
    assert.equal(kept.length, 0, 'the outcome is not kept without its promise')
  })
  test('a call-back outside the lawful hours is refused with the earliest moment', async () => {
    const caseId = (await next('bob')) ?? assert.fail()
    const contactPointId = await phoneOf('bob', caseId)
    const path = `POST /console-api/desk/cases/${caseId}/callbacks`
    const night = { at: '2026-06-02T18:00:00Z', contactPointId, reason: '明早联系' }
    const refused = await ask('bob')(path, night)
    assert.deepEqual([refused.status, refused.body.code], [422, 'desk.not_lawful_then'])
    const morning = await ask('bob')(path, { ...night, at: '2026-06-02T02:00:00Z' })
    assert.equal(morning.status, 200, JSON.stringify(morning.body))
    console.clock.set(Date.parse('2026-06-02T02:05:00Z'))
    const list = await ask('bob')('GET /console-api/desk/worklist?scope=all')
    const [first] = z
      .array(z.object({ caseId: z.string(), reason: z.string() }).loose())
      .parse(list.body.items)
    assert.deepEqual([first?.caseId, first?.reason], [caseId, 'callback'])
  })
})

describe('written words', () => {
  test('are linted by the packs of the case, and sent by nobody but the gate', async () => {
    wall.pass(100_000)
    const caseId = (await next('bob')) ?? assert.fail()
    const lint = await ask('bob')(`POST /console-api/desk/cases/${caseId}/lint`, {
      ...{ channel: 'sms', text: '再不还款就上门抓你' },
    })
    const found = z.array(z.object({ start: z.int(), end: z.int(), blocks: z.boolean() }).loose())
    assert.ok(found.parse(lint.body.findings).some(({ blocks }) => blocks))
    const sent = await ask('bob')(`POST /console-api/desk/cases/${caseId}/replies`, {
      ...{ channel: 'sms', text: '再不还款就上门抓你' },
    })
    const now = z.object({ verdict: z.string() }).loose().parse(sent.body.now)
    assert.equal(now.verdict, 'refuse')
    const [row] = await db.query<{ state: string }>(
      'select state from attempt where attempt_id = $1',
      [text.parse(sent.body.attemptId)],
    )
    assert.equal(row?.state, 'planned', 'only dispatch moves it on')
  })
})
