import assert from 'node:assert/strict'
import { test } from 'node:test'
import { anApi, caseOf, KEYS, problemOf } from './test-api.ts'

const api = await anApi()
const { call, db } = api
const PAID = {
  loanNo: 'L3',
  eventNo: 'p1',
  kind: 'paid',
  effectiveOn: '2026-06-01',
  amountMinor: 5_000,
  currency: 'CNY',
}

test('cases come in pages, masked, with DPD of the portfolio’s own day; a cursor goes on where the last ended', async () => {
  const first = await call('GET /api/v1/cases?limit=1')
  assert.equal(first.status, 200)
  const second = await call(`GET /api/v1/cases?limit=1&cursor=${String(first.json.nextCursor)}`)
  const text = first.bytes.toString() + second.bytes.toString()
  assert.match(text, /"name":"王\*\*".*"dpd":7.*"arrearsMinor":85320/)
  assert.match(text, /"name":"李\*".*"dpd":61/)
  assert.doesNotMatch(text, /王小明|19900000001/)
  const third = await call(`GET /api/v1/cases?cursor=${String(second.json.nextCursor)}`)
  assert.deepEqual(third.json, { items: [], nextCursor: null })
  assert.equal(problemOf(await call('GET /api/v1/cases?cursor=!!')), '400 request.invalid cursor')
  assert.equal(problemOf(await call('GET /api/v1/cases?limit=0')), '400 request.invalid limit')
  assert.equal(problemOf(await call('GET /api/v1/cases?stgae=x')), '400 request.invalid stgae')
})

test('a case, its timeline and the worklist are read by id; an unknown id is named', async () => {
  const id = await caseOf(db, 'B2')
  assert.equal((await call(`GET /api/v1/cases/${id}`)).json.borrowerNo, 'B2')
  const timeline = await call(`GET /api/v1/cases/${id}/timeline`)
  assert.match(timeline.bytes.toString(), /"event":"case\.opened"/)
  const worklist = await call('GET /api/v1/worklist?limit=1')
  assert.equal(worklist.status, 200)
  for (const path of ['', '/timeline', '/permissions']) {
    assert.equal(
      problemOf(await call(`GET /api/v1/cases/999999${path}`)),
      '404 resource.not_found id',
    )
    assert.equal(problemOf(await call(`GET /api/v1/cases/x${path}`)), '400 request.invalid id')
  }
})

test('a ledger event is recorded once; the same again is known, another under its number is a conflict', async () => {
  const first = await call('POST /api/v1/ledger-events', { body: PAID })
  assert.deepEqual([first.status, first.json.recorded, first.json.asOf], [201, true, '2026-06-01'])
  const again = await call('POST /api/v1/ledger-events', { body: PAID })
  assert.deepEqual([again.status, again.json.recorded], [200, false])
  const other = await call('POST /api/v1/ledger-events', { body: { ...PAID, amountMinor: 1 } })
  assert.equal(problemOf(other), '409 ledger.event_conflict eventNo')
})

test('a payment by API cures the case and cancels what was planned before it is answered', async () => {
  const id = await caseOf(db, 'B2')
  const body = { ...PAID, eventNo: 'p2', amountMinor: 20_000 }
  assert.equal((await call('POST /api/v1/ledger-events', { body })).status, 201)
  const found = await call(`GET /api/v1/cases/${id}`)
  assert.deepEqual([found.json.state, found.json.closeReason], ['closed', 'cured'])
  const planned = await db.query(`select 1 from attempt where state = 'planned' and case_id = $1`, [
    id,
  ])
  assert.deepEqual(planned, [])
})

test('what a ledger event gets wrong is named by its field', async () => {
  const post = async (change: object) =>
    problemOf(
      await call('POST /api/v1/ledger-events', { body: { ...PAID, eventNo: 'x', ...change } }),
    )
  assert.equal(await post({ loanNo: 'L9' }), '404 ledger.unknown_loan loanNo')
  assert.equal(await post({ portfolio: 'nowhere' }), '404 ledger.unknown_loan loanNo')
  assert.equal(await post({ currency: 'USD' }), '422 ledger.currency_mismatch currency')
  assert.equal(await post({ kind: 'gift' }), '400 request.invalid kind')
  assert.equal(await post({ effectiveOn: '2026-02-30' }), '400 request.invalid effectiveOn')
  for (const day of ['0000-01-01', '1899-12-31', '9999-12-31'])
    assert.equal(await post({ effectiveOn: day }), '400 request.invalid effectiveOn')
  assert.equal(await post({ amountMinor: 0.5 }), '400 request.invalid amountMinor')
  assert.equal(await post({ amountMinor: 2 ** 53 }), '400 request.invalid amountMinor')
  assert.equal(await post({ amont: 1 }), '400 request.invalid amont')
  assert.match(await post({ amountMinor: undefined }), /^422 ledger\.invalid_event amountMinor$/)
  assert.match(
    await post({ kind: 'reversed', amountMinor: undefined }),
    /^422 ledger\.invalid_event reverses$/,
  )
})

test('a hold is in force when it is answered, and ends when told to', async () => {
  const caseId = await caseOf(db, 'B1')
  const body = { caseId, kind: 'hardship', reason: 'lost the job' }
  const made = await call('POST /api/v1/holds', { body })
  assert.equal(made.status, 201)
  const open = 'select 1 from hold where to_at is null'
  assert.equal((await db.query(open)).length, 1)
  const path = `/api/v1/holds/${String(made.json.id)}?caseId=${caseId}`
  assert.deepEqual((await call(`DELETE ${path}`)).json, { ended: true })
  assert.equal((await db.query(open)).length, 0)
  assert.equal(problemOf(await call(`DELETE ${path}`)), '404 resource.not_found id')
})

test('what a hold gets wrong is named by its field', async () => {
  const good = { caseId: await caseOf(db, 'B1'), kind: 'dispute', reason: 'r' }
  const post = async (change: object) =>
    problemOf(await call('POST /api/v1/holds', { body: { ...good, ...change } }))
  assert.equal(await post({ caseId: '999999' }), '404 resource.not_found caseId')
  assert.equal(await post({ kind: 'holiday' }), '400 request.invalid kind')
  assert.equal(await post({ reason: '' }), '400 request.invalid reason')
  assert.equal(await post({ scope: { channel: 'pigeon' } }), '400 request.invalid scope.channel')
  assert.equal(await post({ scope: { days: ['someday'] } }), '400 request.invalid scope.days.0')
  assert.equal(await post({ from: '2026-05-31' }), '400 request.invalid from')
  assert.equal(await post({ from: '0000-01-01T00:00:00Z' }), '400 request.invalid from')
  assert.equal(
    await post({ scope: { hours: ['25:00-26:00'] } }),
    '400 request.invalid scope.hours.0',
  )
  assert.equal(await post({ scope: { partyId: '9' } }), '404 resource.not_found scope.partyId')
  const point = { contactPointId: '999999999999999999' }
  assert.equal(await post({ scope: point }), '404 resource.not_found scope.contactPointId')
  const [from, to] = ['2026-06-02T00:00:00Z', '2026-06-01T00:00:00Z']
  assert.equal(await post({ from, to }), '400 request.invalid to')
})

test('a dispute and a complaint stop contact; a dispute may be about one loan', async () => {
  const caseId = await caseOf(db, 'B1')
  const dispute = { caseId, reason: 'not my loan', loanNo: 'L2' }
  assert.equal((await call('POST /api/v1/disputes', { body: dispute })).status, 201)
  const complaint = { caseId, reason: 'called at night' }
  assert.equal((await call('POST /api/v1/complaints', { body: complaint })).status, 201)
  const holds = await db.query<{ kind: string; debts: string[] | null }>(
    'select kind, debts::text[] from hold where to_at is null order by hold_id',
  )
  assert.deepEqual(
    holds.map(({ kind, debts }) => [kind, debts?.length ?? null]),
    [
      ['dispute', 1],
      ['complaint', null],
    ],
  )
  const foreign = await call('POST /api/v1/disputes', { body: { ...dispute, loanNo: 'L3' } })
  assert.equal(problemOf(foreign), '404 resource.not_found loanNo')
  await db.run('update hold set to_at = from_at')
})

test('the gate answers a question of any quality; what cannot be read is a missing fact', async () => {
  const body = { policy: ['cn'], facts: 7, intent: { at: 'noon' } }
  const refused = await call('POST /api/v1/gate/decisions', { body, key: KEYS.read })
  assert.deepEqual([refused.status, refused.json.verdict], [200, 'refuse'])
  assert.match(refused.bytes.toString(), /"field":"facts/)
  const none = await call('POST /api/v1/gate/decisions', { body: { ...body, policy: ['no-such'] } })
  assert.equal(none.json.verdict, 'refuse')
  const path = await call('POST /api/v1/gate/decisions', { body: { ...body, policy: ['../cn'] } })
  assert.equal(problemOf(path), '400 request.invalid policy.0')
})

test('settings apply with an admin key and give back made keys once', async () => {
  const body = { apiKeys: [{ name: 'made', scopes: ['read'] }] }
  assert.equal(problemOf(await call('PUT /api/v1/settings', { body })), '403 auth.scope')
  const applied = await call('PUT /api/v1/settings', { body, key: KEYS.admin })
  assert.match(applied.bytes.toString(), /^\{"newKeys":\[\{"name":"made","key":"dk_/)
  const again = await call('PUT /api/v1/settings', { body, key: KEYS.admin })
  assert.deepEqual(again.json, { newKeys: [] })
  const product = { products: [{ portfolio: 'nowhere', name: 'x' }] }
  const unknown = await call('PUT /api/v1/settings', { body: product, key: KEYS.admin })
  assert.equal(problemOf(unknown), '422 settings.invalid products')
  const odd = { products: [{ portfolio: 'main', name: 'x', options: { graceDays: 'two' } }] }
  const unread = await call('PUT /api/v1/settings', { body: odd, key: KEYS.admin })
  assert.equal(problemOf(unread), '422 settings.invalid products')
  const portfolio = {
    name: 'other',
    lender: 'L',
    country: 'CN',
    currency: 'CNY',
    zones: ['Asia/Shanghai'],
    packs: ['atlantis'],
    collectorRole: 'original-creditor',
    strategy: 'cn-consumer-early-mid',
    contactLine: '1',
    complaintLine: '2',
  }
  const lawless = await call('PUT /api/v1/settings', {
    body: { portfolios: [portfolio] },
    key: KEYS.admin,
  })
  assert.equal(problemOf(lawless), '422 settings.invalid portfolios')
  const wrong = await call('PUT /api/v1/settings', {
    body: { apiKeys: [{ name: 'short', scopes: ['read'], key: 'x' }] },
    key: KEYS.admin,
  })
  assert.equal(problemOf(wrong), '400 request.invalid apiKeys.0.key')
})

test('settings are read back without secrets, can be applied as they are, and only while they are still in force', async () => {
  const key = KEYS.admin
  const read = await call('GET /api/v1/settings', { key })
  const etag = read.headers.get('etag') ?? ''
  assert.equal(read.status, 200)
  assert.doesNotMatch(read.bytes.toString(), /secret|key-of|hash/)
  const put = async (body: unknown, tag: string) =>
    call('PUT /api/v1/settings', { key, body, headers: { 'if-match': tag } })
  assert.deepEqual((await put(read.json, etag)).json, { newKeys: [] })
  assert.equal((await call('GET /api/v1/settings', { key })).headers.get('etag'), etag)
  const agency = { agencies: [{ name: 'Outside', listed: true }] }
  assert.equal((await put(agency, etag)).status, 200)
  const late = await put({ agencies: [{ name: 'Outside', listed: false }] }, etag)
  assert.equal(problemOf(late), '412 edit.changed_meanwhile If-Match')
  const now = await call('GET /api/v1/settings', { key })
  assert.match(now.bytes.toString(), /"name":"Outside","listed":true/)
})

test('health, readiness, metrics, the document and its page need no key', async () => {
  for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs/']) {
    const answer = await call(`GET ${path}`, { key: undefined })
    assert.equal(answer.status, 200, path)
  }
})

test('opening an unsubscribe address changes nothing; a post to it does, as any form', async () => {
  const open = await call('GET /u/known', { key: undefined })
  assert.match(open.type, /html/)
  for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    const text = 'List-Unsubscribe=One-Click'
    const done = await call('POST /u/known', { key: undefined, type, text })
    assert.deepEqual(done.json, { status: 'unsubscribed' })
  }
  const strange = await call('POST /u/other', { key: undefined })
  assert.equal(problemOf(strange), '404 resource.not_found token')
})

test('nothing failed on our side', () => {
  assert.deepEqual(api.failures, [])
})
