import { paymentCallback } from '@dunlin/contract'
import { formatInstant, instant } from '@dunlin/kernel'
import { z } from 'zod'
import { Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'
import { recordEvent } from '../ledger/record-event.ts'
import { claimCallback, listWaitingCallbacks, settleCallback } from './callback-store.ts'

export type BookingContext = Pick<ApiContext, 'db' | 'sealer' | 'reactions' | 'clock' | 'onFailure'>

/** How old a callback must be before the sweep takes it: a younger one is being booked by its own request. */
const SWEEP_AGE_MS = 30_000
const SWEEP_MAX = 200

/**
 * Books a stored callback in one transaction with its mark; what cannot be booked keeps the reason. A
 * failure of ours leaves it waiting, and the sweep takes it again.
 */
export async function bookCallback(context: BookingContext, callbackId: string): Promise<void> {
  const { db, sealer, clock, reactions } = context
  try {
    await db.transaction(async (tx) => {
      const sealed = await claimCallback(tx, callbackId)
      if (sealed === null) return
      const at = clock.now()
      const raw = Buffer.from(sealer.open(sealed), 'base64')
      await recordEvent(tx, readPayment(raw), { reactions, at, source: 'callback' })
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
