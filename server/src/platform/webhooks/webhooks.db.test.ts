import assert from 'node:assert/strict'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import { after, test } from 'node:test'
import { type Instant, instant } from '@dunlin/kernel'
import { Webhook } from 'standardwebhooks'
import { openTestDatabase } from '../db/test-database.ts'
import { createReactions } from '../events/index.ts'
import { createTestSealer } from '../seal/index.ts'
import {
  createWebhookSender,
  forgetSettled,
  listEndpointStates,
  newSecret,
  requeue,
  upsertEndpoint,
} from './index.ts'
import { postWebhook } from './post-webhook.ts'

// Real sockets on loopback, a clock in hand.

const sealer = createTestSealer()
const SECRET = newSecret()
const HOUR = 3_600_000
const servers: Server[] = []
after(() => {
  for (const server of servers) {
    server.closeAllConnections()
    server.close()
  }
})

type Got = { readonly headers: IncomingHttpHeaders; readonly body: string; readonly id: string }

/** A receiver that answers as `answer` says; `null` keeps it waiting for good. */
async function aReceiver(answer: (got: Got) => number | null) {
  const got: Got[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk) => chunks.push(chunk))
    request.on('end', () => {
      const { headers } = request
      const each = {
        headers,
        body: Buffer.concat(chunks).toString(),
        id: `${headers['webhook-id']}`,
      }
      const status = answer(each)
      got.push(each)
      if (status !== null) response.writeHead(status).end('seen')
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { got, url: `http://127.0.0.1:${port}/hook` }
}

async function aHouse() {
  const db = await openTestDatabase()
  let now = instant(Temporal.Now.instant().epochMilliseconds)
  const failures: unknown[] = []
  const sender = createWebhookSender({
    ...{ db, sealer, allowPrivate: true },
    clock: { now: () => now },
    onFailure: (error) => failures.push(error),
  })
  const { publish } = createReactions()
  return {
    db,
    failures,
    sender,
    now: (): Instant => now,
    pass: (ms: number) => {
      now = instant(now + ms)
    },
    endpoint: (name: string, url: string, events: readonly string[] = ['*']) =>
      db.transaction((tx) =>
        upsertEndpoint(tx, { name, url, events, enabled: true, sealedSecret: sealer.seal(SECRET) }),
      ),
    tell: (borrowerId: string, loanId: string) =>
      db.transaction((tx) =>
        publish(tx, [{ name: 'loan.changed', borrowerId, payload: { loanId } }], now),
      ),
    send: async () => {
      await sender.tick()
      await sender.idle()
    },
    state: async (name: string) =>
      (await listEndpointStates(db)).find((state) => state.name === name),
  }
}

const loansOf = (got: readonly Got[]) => got.map(({ body }) => JSON.parse(body).data.loanId)

test('an event arrives signed, once, with whose it is, and only those that were asked for', async () => {
  const house = await aHouse()
  const all = await aReceiver(() => 204)
  const some = await aReceiver(() => 200)
  await house.tell('7', 'before')
  await house.endpoint('all', all.url)
  await house.endpoint('some', some.url, ['case.*', 'payment.recorded'])
  await house.tell('7', 'a')
  await house.send()
  await house.send()
  assert.deepEqual(loansOf(all.got), ['a'])
  assert.deepEqual(some.got, [])
  const [first] = all.got
  assert.ok(first !== undefined)
  const verified = new Webhook(SECRET).verify(first.body, {
    'webhook-id': first.id,
    'webhook-timestamp': String(first.headers['webhook-timestamp']),
    'webhook-signature': String(first.headers['webhook-signature']),
  })
  assert.deepEqual(Object.keys(Object(verified)), ['type', 'timestamp', 'data'])
  assert.deepEqual(JSON.parse(first.body).data, { borrowerId: '7', loanId: 'a' })
  assert.deepEqual(house.failures, [])
})

test('events of one borrower arrive in their order: a later one waits while an earlier one fails', async () => {
  const house = await aHouse()
  let isDown = true
  const receiver = await aReceiver(({ body }) =>
    isDown && JSON.parse(body).data.borrowerId === '1' ? 500 : 200,
  )
  await house.endpoint('crm', receiver.url)
  for (const loan of ['1a', '1b', '1c']) await house.tell('1', loan)
  await house.tell('2', '2a')
  await house.send()
  await house.send()
  assert.deepEqual(loansOf(receiver.got).sort(), ['1a', '2a'])
  isDown = false
  house.pass(6_000)
  await house.send()
  await house.send()
  assert.deepEqual(loansOf(receiver.got).slice(2), ['1a', '1b', '1c'])
  const ids = receiver.got.filter(({ body }) => body.includes('1a')).map(({ id }) => id)
  assert.equal(new Set(ids).size, 1, 'a try again keeps its id')
})

test('a receiver that never answers holds up nobody else, nor the caller', async () => {
  const house = await aHouse()
  const slow = await aReceiver(() => null)
  const quick = await aReceiver(() => 200)
  await house.endpoint('slow', slow.url)
  await house.endpoint('quick', quick.url)
  for (let round = 0; round < 3; round += 1) {
    await house.tell('1', `loan-${round}`)
    await house.sender.tick()
    while (quick.got.length <= round) await house.sender.tick()
  }
  assert.deepEqual(loansOf(quick.got), ['loan-0', 'loan-1', 'loan-2'])
  assert.equal(slow.got.length <= 1, true)
})

test('after ten tries an event is given up and the next goes on; a replay sends all again in order', async () => {
  const house = await aHouse()
  let isDown = true
  const receiver = await aReceiver(() => (isDown ? 503 : 200))
  await house.endpoint('erp', receiver.url)
  const from = house.now()
  await house.tell('1', 'a')
  await house.tell('1', 'b')
  for (let tries = 0; tries < 10; tries += 1) {
    await house.send()
    house.pass(24 * HOUR + 1)
    // Applied as enabled again, it is not given up for failing long.
    await house.endpoint('erp', receiver.url)
  }
  assert.deepEqual(
    loansOf(receiver.got),
    Array.from({ length: 10 }, () => 'a'),
  )
  assert.equal((await house.state('erp'))?.givenUp, 1)
  isDown = false
  await house.send()
  assert.equal(loansOf(receiver.got).at(-1), 'b')
  const period = { name: 'erp', from, until: house.now() }
  assert.equal(await house.db.transaction((tx) => requeue(tx, period)), 2)
  await house.send()
  await house.send()
  assert.deepEqual(loansOf(receiver.got).slice(-2), ['a', 'b'])
  assert.equal((await house.state('erp'))?.givenUp, 0)
  const nobody = { ...period, name: 'nobody' }
  assert.equal(await house.db.transaction((tx) => requeue(tx, nobody)), null)
})

test('a webhook that fails for five days, or says it is gone, is disabled, and that is told', async () => {
  const house = await aHouse()
  const broken = await aReceiver(() => 500)
  const gone = await aReceiver(() => 410)
  const witness = await aReceiver(() => 200)
  await house.endpoint('broken', broken.url)
  await house.endpoint('gone', gone.url)
  await house.endpoint('witness', witness.url, ['webhook.disabled'])
  for (let day = 0; day < 7; day += 1) {
    await house.tell(String(day + 1), `day-${day}`)
    await house.send()
    house.pass(24 * HOUR)
  }
  await house.send()
  assert.deepEqual(
    witness.got.map(({ body }) => JSON.parse(body).data),
    [
      { borrowerId: null, name: 'gone', reason: 'webhook.gone' },
      { borrowerId: null, name: 'broken', reason: 'webhook.status_500' },
    ],
  )
  assert.equal((await house.state('broken'))?.isEnabled, false)
  const heard = broken.got.length
  await house.tell('99', 'later')
  house.pass(48 * HOUR)
  await house.send()
  assert.equal(broken.got.length, heard)
})

test('private addresses, names that lead to them, plain HTTP and redirections are refused', async () => {
  const receiver = await aReceiver(() => 200)
  const port = new URL(receiver.url).port
  const post = (url: string) => postWebhook({ url, headers: {}, body: '{}', allowPrivate: false })
  assert.equal((await post(receiver.url)).error, 'webhook.not_https')
  for (const host of ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0x7f.1', 'localhost', '0'])
    assert.equal((await post(`https://${host}:${port}/`)).error, 'webhook.private_address', host)
  assert.equal((await post('ftp://example.com')).error, 'webhook.not_https')
  assert.deepEqual(receiver.got, [])
  const elsewhere = createServer((_, response) =>
    response.writeHead(302, { location: receiver.url }).end(),
  )
  servers.push(elsewhere)
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  const address = elsewhere.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
  const moved = await postWebhook({ url, headers: {}, body: '{}', allowPrivate: true })
  assert.deepEqual(moved, { status: 302, error: 'webhook.status_302' })
  assert.deepEqual(receiver.got, [])
})

test('two senders at once send each event once, and settled deliveries are forgotten in time', async () => {
  const house = await aHouse()
  const receiver = await aReceiver(() => 200)
  await house.endpoint('crm', receiver.url)
  const clock = { now: house.now }
  const second = createWebhookSender({
    ...{ db: house.db, sealer, clock, allowPrivate: true },
    onFailure: (error) => house.failures.push(error),
  })
  for (let each = 1; each <= 60; each += 1) await house.tell(String(each), `loan-${each}`)
  for (let round = 0; round < 4; round += 1) {
    await Promise.all([house.sender.tick(), second.tick()])
    await Promise.all([house.sender.idle(), second.idle()])
  }
  assert.equal(receiver.got.length, 60)
  assert.equal(new Set(loansOf(receiver.got)).size, 60)
  assert.deepEqual(house.failures, [])
  assert.equal(await forgetSettled(house.db, instant(house.now() + 1)), 60)
})
