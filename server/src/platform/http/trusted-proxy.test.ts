import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from './create-app.ts'

async function seenFrom(
  trustedProxies: readonly string[],
  { remoteAddress, said }: { remoteAddress: string; said: string },
): Promise<string> {
  const onFailure = (error: unknown) => assert.fail(String(error))
  const app = await createApp({ version: '0', onFailure, trustedProxies })
  app.get('/from', { schema: { hide: true } }, async (request) => request.ip)
  const headers = { 'x-forwarded-for': said }
  const { body } = await app.inject({ url: '/from', remoteAddress, headers })
  await app.close()
  return body
}

test('a visitor is the address of the connection, unless a proxy that is trusted says otherwise', async () => {
  const said = '198.51.100.7'
  assert.equal(await seenFrom([], { remoteAddress: '10.0.0.2', said }), '10.0.0.2')
  const trusted = ['10.0.0.0/8', '::1']
  assert.equal(await seenFrom(trusted, { remoteAddress: '10.0.0.2', said }), said)
  assert.equal(await seenFrom(trusted, { remoteAddress: '192.0.2.9', said }), '192.0.2.9')
})

test('what a visitor wrote into the header itself is not believed', async () => {
  const said = '203.0.113.1, 198.51.100.7'
  const seen = await seenFrom(['10.0.0.0/8'], { remoteAddress: '10.0.0.2', said })
  assert.equal(seen, '198.51.100.7')
})
