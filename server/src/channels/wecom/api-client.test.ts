import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { instant, Secret } from '@dunlin/kernel'
import { startWecomServer, type WecomServer } from '../../../../sandbox/src/index.ts'
import { createWecomApi, type WecomApi } from './api-client.ts'
import { addContactWay, addKfLink } from './calls.ts'
import { wecomSettings } from './wecom-settings.ts'

type Made = { server: WecomServer; api: WecomApi; pass: (ms: number) => void }

async function aServer(corpSecret = 'secret'): Promise<Made> {
  let at = Date.UTC(2026, 10, 24, 4)
  const clock = { now: () => instant(at) }
  const server = await startWecomServer({
    port: 0,
    clock,
    corpId: 'ww1',
    corpSecret: 'secret',
    members: ['li'],
    kfAccounts: ['wk1'],
  })
  after(server.close)
  const settings = wecomSettings.parse({
    apiUrl: server.url,
    corpId: 'ww1',
    answerWaitMs: 300,
    busyWaitMs: 2,
  })
  const api = createWecomApi({ settings, corpSecret: new Secret(corpSecret), clock })
  return {
    server,
    api,
    pass: (ms) => {
      at += ms
    },
  }
}

const link = (api: WecomApi) => addKfLink(api, 'wk1')
const way = (api: WecomApi) => addContactWay(api, { userid: 'li', state: 'token' })
const fetches = ({ server }: Made) => server.state.calls.get('gettoken')

test('many calls at once share one token', async () => {
  const made = await aServer()
  const answers = await Promise.all(Array.from({ length: 20 }, () => link(made.api)))
  assert.ok(answers.every(({ kind }) => kind === 'ok'))
  assert.equal(fetches(made), 1)
})

test('a token is renewed before its end without anybody waiting, and after its end at once', async () => {
  const made = await aServer()
  await link(made.api)
  made.pass(7200_000 * 0.81)
  assert.equal((await link(made.api)).kind, 'ok')
  made.pass(7200_000 * 3)
  assert.equal((await link(made.api)).kind, 'ok')
  assert.equal(fetches(made), 3)
})

test('a token that the vendor revoked is fetched anew and the call made once more', async () => {
  const made = await aServer()
  await link(made.api)
  made.server.state.tokens.clear()
  assert.equal((await way(made.api)).kind, 'ok')
  assert.equal(fetches(made), 2)
  made.server.misbehave({ expiredNext: 5 })
  assert.equal((await way(made.api)).kind, 'not-sent')
  assert.equal(made.server.misbehave({ expiredNext: 0 }), undefined)
})

test('a rate block rests that API and no other, and is not asked again before its time', async () => {
  const made = await aServer()
  made.server.misbehave({ rateNext: 1 })
  assert.equal((await link(made.api)).kind, 'not-sent')
  assert.equal((await link(made.api)).kind, 'not-sent')
  assert.equal(made.server.state.calls.get('kf/add_contact_way'), 1)
  assert.equal((await way(made.api)).kind, 'ok')
  made.pass(60_001)
  assert.equal((await link(made.api)).kind, 'ok')
})

test('busy: what may be repeated is repeated; what may not is unknown after one call', async () => {
  const made = await aServer()
  made.server.misbehave({ busyNext: 2 })
  assert.equal((await link(made.api)).kind, 'ok')
  made.server.misbehave({ busyNext: 1 })
  assert.equal((await way(made.api)).kind, 'unknown')
  assert.equal(made.server.state.calls.get('externalcontact/add_contact_way'), 1)
})

test('a page instead of an answer, half an answer and silence are unknown', async () => {
  const made = await aServer()
  for (const fault of ['brokenNext', 'halfNext', 'silentNext', 'dropAfterNext'] as const) {
    made.server.misbehave({ [fault]: 1 })
    assert.equal((await way(made.api)).kind, 'unknown', fault)
  }
  assert.equal((await way(made.api)).kind, 'ok')
})

test('a wrong secret says what to do, and never shows itself', async () => {
  const { api } = await aServer('wrong-secret')
  const answer = await link(api)
  assert.equal(answer.kind, 'refused')
  assert.match(JSON.stringify(answer), /secret is wrong/)
  assert.doesNotMatch(JSON.stringify(answer), /wrong-secret/)
})

test('without a server nothing was sent', async () => {
  const made = await aServer()
  await made.server.close()
  assert.equal((await link(made.api)).kind, 'not-sent')
})
