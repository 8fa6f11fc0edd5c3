import { callbackResponse, paymentCallback } from '@dunlin/contract'
import { Secret } from '@dunlin/kernel'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { verifyCallback } from '../../payments/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'
import { bookCallback } from './book-callback.ts'
import { findCallbackAccount, insertCallback } from './callback-store.ts'

/** Bytes of one callback. */
const CALLBACK_BYTES_MAX = 64 * 1024
const params = z.object({ provider: z.string().max(60), account: z.string().max(100) })
const headers = {
  'webhook-id': 'Counts once, however often it is sent',
  'webhook-timestamp': 'Seconds since 1970, within five minutes of ours',
  'webhook-signature': '`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`',
}
const secretsSchema = z.object({
  signing: z.string().min(1).optional(),
  signingBefore: z.string().min(1).optional(),
})

/**
 * `POST /callbacks/{provider}/{account}`: the signature over the raw bytes is checked before anything is
 * read; then they are stored as they came, once, and only then answered. A payment is booked, and its case
 * cured, before the answer; what cannot be booked is kept with the reason and answered all the same.
 */
export function routeCallbacks(app: App, context: ApiContext): void {
  app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    const schema = {
      tags: ['callbacks'],
      summary: 'A payment, told by its provider',
      description: `Signed by the Standard Webhooks scheme. ${Object.entries(headers)
        .map(([name, words]) => `\`${name}\`: ${words}.`)
        .join(' ')}`,
      params,
      body: { content: { 'application/json': { schema: z.unknown(), shown: paymentCallback } } },
      response: { 200: callbackResponse },
    }
    const config = {
      scope: 'public',
      problems: ['callback.signature', 'callback.unknown_account'],
    } as const
    const route = { schema, config, bodyLimit: CALLBACK_BYTES_MAX }
    scope.post('/callbacks/:provider/:account', route, async (request) => {
      const { account, id, body } = await authentic(context, request, request.params)
      const { db, sealer, clock } = context
      const sealedBody = sealer.seal(body.toString('base64'))
      const stored = { ...account, dedupeKey: id, sealedBody, at: clock.now() }
      const callbackId = await insertCallback(db, stored)
      if (callbackId === null) return { status: 'known' as const }
      await bookCallback(context, callbackId)
      return { status: 'taken' as const }
    })
  })
}

async function authentic(
  { db, sealer, clock }: ApiContext,
  request: FastifyRequest,
  named: { provider: string; account: string },
): Promise<{ account: { accountId: string }; id: string; body: Buffer }> {
  const account = await findCallbackAccount(db, named)
  if (account === null)
    throw new Problem('callback.unknown_account', 'there is no such account', 'account')
  const secrets = secretsOf(account.sealedSecrets, sealer)
  if (secrets.length === 0)
    throw new Problem('callback.unknown_account', 'the account has no secret `signing`', 'account')
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const given = {
    id: headerOf(request, 'webhook-id'),
    timestamp: headerOf(request, 'webhook-timestamp'),
    signature: headerOf(request, 'webhook-signature'),
  }
  const known = { secrets: secrets.map((secret) => new Secret(secret)), now: clock.now() }
  const verified = verifyCallback(body, given, known)
  if (!verified.ok)
    throw new Problem('callback.signature', verified.refusal.detail, verified.refusal.field)
  return { account, id: verified.value, body }
}

/** The secrets of an account: two while one is changed, none when nobody gave any. */
function secretsOf(sealed: Buffer | null, sealer: ApiContext['sealer']): string[] {
  const known = secretsSchema.parse(sealed === null ? {} : JSON.parse(sealer.open(sealed)))
  return [known.signing, known.signingBefore].filter((secret) => secret !== undefined)
}

function headerOf(request: FastifyRequest, name: keyof typeof headers): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}
