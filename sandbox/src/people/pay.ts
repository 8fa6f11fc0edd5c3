import { type Clock, formatLocalDate, utcDate } from '@dunlin/kernel'
import type { Payment } from './people.ts'

export type PaymentDoor = { readonly url: string; readonly apiKey: string; readonly clock: Clock }

const HOURS_EAST_MS = 8 * 3_600_000
const ANSWER_WAIT_MS = 10_000

/** Pays as an integrator would: POST /api/v1/ledger-events. The problem detail, or null when it was taken. */
export async function payByApi(door: PaymentDoor, payment: Payment): Promise<string | null> {
  // A payment counts on the date of the bank, which keeps Chinese time.
  const effectiveOn = formatLocalDate(utcDate(door.clock.now() + HOURS_EAST_MS))
  const answer = await fetch(`${door.url}/api/v1/ledger-events`, {
    method: 'POST',
    signal: AbortSignal.timeout(ANSWER_WAIT_MS),
    headers: {
      authorization: `Bearer ${door.apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': payment.key,
    },
    body: JSON.stringify({
      eventNo: payment.key,
      loanNo: payment.loanNo,
      kind: 'paid',
      effectiveOn,
      amountMinor: Number(payment.amountMinor),
      currency: payment.currency,
    }),
  })
  return answer.ok ? null : `${answer.status} ${await answer.text()}`
}
