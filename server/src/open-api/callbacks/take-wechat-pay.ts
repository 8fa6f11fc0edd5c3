import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { verifyNotice } from '../../payments/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'
import { bookCallback } from './book-callback.ts'
import { findCallbackAccount, insertCallback } from './callback-store.ts'

const CALLBACK_BYTES_MAX = 64 * 1024
/** The platform waits five seconds; what takes longer than this is booked after the answer. */
const ANSWER_MS = 2_000
const params = z.strictObject({ account: z.string().max(100) })

/**
 * `POST /callbacks/wechat-pay/{account}`: the platform's signature over the raw bytes is checked before
 * anything is read; then they are stored as they came, once, and answered; booked before the answer when
 * that is quick, and by the sweep when we die in between.
 */
export function routeWechatPayCallbacks(app: App, context: ApiContext): void {
  app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
    const schema = {
      tags: ['callbacks'],
      summary: 'WeChat Pay tells of a payment, a refund or a transfer',
      params,
      body: { content: { 'application/json': { schema: z.unknown() } } },
      response: { 200: z.object({}) },
    }
    const config = {
      scope: 'public',
      problems: ['callback.signature', 'callback.unknown_account'],
    } as const
    const route = { schema, config, bodyLimit: CALLBACK_BYTES_MAX }
    scope.post('/callbacks/wechat-pay/:account', route, async (request) => {
      const name = request.params.account
      const { db, sealer, clock } = context
      const found = await findCallbackAccount(db, { provider: 'wechat-pay', account: name })
      if (found === null)
        throw new Problem('callback.unknown_account', 'there is no such account', 'account')
      const { accountId } = found
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
      const dedupeKey = await authentic(context, request, { accountId, body })
      const sealedBody = sealer.seal(body.toString('base64'))
      const stored = { accountId, dedupeKey, sealedBody, at: clock.now() }
      const callbackId = await insertCallback(db, stored)
      if (callbackId !== null)
        await Promise.race([
          bookCallback(context, callbackId),
          wait(ANSWER_MS, undefined, { ref: false }),
        ])
      return {}
    })
  })
}

/** The id under which the callback counts once; a problem when the platform did not sign it. */
async function authentic(
  { payments, clock }: ApiContext,
  request: FastifyRequest,
  { accountId, body }: { accountId: string; body: Buffer },
): Promise<string> {
  const merchant = await payments.merchants.find({ accountId })
  if (merchant === null)
    throw new Problem('callback.unknown_account', 'there is no such account', 'account')
  const header = (name: string): string | undefined => {
    const value = request.headers[`wechatpay-${name}`]
    return typeof value === 'string' ? value : undefined
  }
  const verified = await verifyNotice(merchant, {
    body,
    headers: {
      timestamp: header('timestamp'),
      nonce: header('nonce'),
      signature: header('signature'),
      serial: header('serial'),
    },
    now: clock.now(),
  })
  if (verified.ok) return verified.value
  throw new Problem('callback.signature', verified.refusal.detail, verified.refusal.field)
}
