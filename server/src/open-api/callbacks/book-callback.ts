import { paymentCallback } from '@dunlin/contract'
import { formatInstant, type Instant, instant, required } from '@dunlin/kernel'
import { z } from 'zod'
import { applyNotice } from '../../payments/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'
import { recordEvent } from '../ledger/record-event.ts'
import {
  claimCallback,
  listWaitingCallbacks,
  readCallbackAccount,
  settleCallback,
} from './callback-store.ts'

export type BookingContext = Pick<
  ApiContext,
  'db' | 'sealer' | 'reactions' | 'clock' | 'onFailure' | 'payments' | 'onTransfer'
>
/** What is done with the bytes of a callback, in the transaction that marks it as done. */
type Booking = (tx: Tx, raw: Buffer, at: Instant) => Promise<void>

/** How old a callback must be before the sweep takes it: a younger one is being booked by its own request. */
const SWEEP_AGE_MS = 30_000
const SWEEP_MAX = 200

/**
 * Books a stored callback in one transaction with its mark; what cannot be booked keeps the reason. A
 * failure of ours leaves it waiting, and the sweep takes it again.
 */
export async function bookCallback(context: BookingContext, callbackId: string): Promise<void> {
  const { db, sealer, clock } = context
  try {
    const book = await bookingOf(context, callbackId)
    await db.transaction(async (tx) => {
      const sealed = await claimCallback(tx, callbackId)
      if (sealed === null) return
      const at = clock.now()
      const raw = Buffer.from(sealer.open(sealed), 'base64')
      await book(tx, raw, at)
      await settleCallback(tx, { callbackId, at: formatInstant(at), error: null })
    })
  } catch (error) {
    if (!(error instanceof Problem)) {
      context.onFailure(error, `callback ${callbackId}`)
      return
    }
    const reason = `${error.code}${error.field === undefined ? '' : ` ${error.field}`}: ${error.message}`
    await settleCallback(db, { callbackId, at: formatInstant(clock.now()), error: reason })
  }
}

/** Opens the account before the transaction begins: no transaction waits for another connection. */
async function bookingOf(context: BookingContext, callbackId: string): Promise<Booking> {
  const { db, reactions, payments, onTransfer } = context
  const { adapter, accountId } = await readCallbackAccount(db, callbackId)
  if (adapter !== 'wechat-pay')
    return async (tx, raw, at) => {
      await recordEvent(tx, readPayment(raw), { reactions, at, source: 'callback' })
    }
  const merchant = required(await payments.merchants.find({ accountId }), `account ${accountId}`)
  return async (tx, raw, at) => {
    const done = await applyNotice(tx, { ...payments, merchant, onTransfer }, { raw, at })
    if (!done.ok) throw new Problem('request.invalid', done.refusal)
  }
}

/** Books what a crash or a failure left waiting; how many there were. */
export async function bookWaitingCallbacks(context: BookingContext): Promise<number> {
  const before = formatInstant(instant(context.clock.now() - SWEEP_AGE_MS))
  const waiting = await listWaitingCallbacks(context.db, { before, limit: SWEEP_MAX })
  for (const callbackId of waiting) await bookCallback(context, callbackId)
  return waiting.length
}

/** The payment inside the bytes; a problem that names the field when there is none. */
function readPayment(raw: Buffer): z.infer<typeof paymentCallback> {
  const json = z.string().transform((text, context) => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'the body is no JSON' })
      return z.NEVER
    }
  })
  const parsed = json.pipe(paymentCallback).safeParse(raw.toString('utf8'))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Problem('request.invalid', issue?.message ?? 'no payment', issue?.path.join('.'))
}
