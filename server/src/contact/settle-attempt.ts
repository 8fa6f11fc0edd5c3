import { formatInstant, type Instant, ok, type Result, refused } from '@dunlin/kernel'
import { lockBorrowers } from '../loanbook/index.ts'
import { insertAudit } from '../platform/audit/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import { findUnknown, settleUnknown } from './unknown-store.ts'

export type SettleOptions = {
  readonly tx: Tx
  readonly reactions: Reactions
  readonly attemptId: string
  /**
   * What the provider said when it was asked: `delivered` to the person, `sent` (it took the message; more is
   * not known), or `failed` (it never had it, or gave up). Only `failed` makes room in the caps again.
   */
  readonly fate: 'delivered' | 'sent' | 'failed'
  /** Who settles it. */
  readonly by: string
  /** What that rests on, such as the provider's ticket. Kept in the audit, without personal data. */
  readonly reason: string
  readonly at: Instant
}
export type SettleRefusal =
  | { readonly code: 'contact.not_in_queue'; readonly detail: string }
  | {
      readonly code: 'contact.bad_settlement'
      readonly field: 'by' | 'reason'
      readonly detail: string
    }

const REASON_CHARS_MAX = 500
const BY_CHARS_MAX = 100

const SETTLED_AS = {
  delivered: { state: 'sent', line: 'delivered', event: 'contact.delivered' },
  // The line stays unknown: that it was taken does not say that it arrived, so it goes on counting.
  sent: { state: 'sent', line: 'unknown', event: 'contact.sent' },
  failed: { state: 'failed', line: 'failed', event: 'contact.failed' },
} as const

/**
 * Settles an attempt of unknown fate by hand, under its borrower's lock, in the caller's transaction, and
 * writes who did it and why into the audit. The message is not sent again, whatever the fate.
 */
export async function settleAttempt(options: SettleOptions): Promise<Result<null, SettleRefusal>> {
  const { tx, reactions, attemptId, fate, at } = options
  const bad = checkWords(options)
  if (bad !== null) return refused(bad)
  const found = /^\d{1,18}$/.test(attemptId) ? await findUnknown(tx, attemptId) : null
  if (found === null) return refused(notInQueue(attemptId))
  await lockBorrowers(tx, [found.borrower_id])
  const { state, line, event } = SETTLED_AS[fate]
  const atText = formatInstant(at)
  if (!(await settleUnknown(tx, found, { attemptId, state, line, at: atText })))
    return refused(notInQueue(attemptId))
  await insertAudit(tx, {
    actor: options.by,
    action: 'attempt.settled',
    subject: `attempt ${attemptId}`,
    detail: { fate, reason: options.reason },
    at: atText,
  })
  const payload = { attemptId, channel: found.channel, settledByHand: true }
  await reactions.publish(tx, [{ name: event, borrowerId: found.borrower_id, payload }], at)
  return ok(null)
}

function checkWords({ by, reason }: SettleOptions): SettleRefusal | null {
  const given = [
    { field: 'by', text: by, max: BY_CHARS_MAX },
    { field: 'reason', text: reason, max: REASON_CHARS_MAX },
  ] as const
  for (const { field, text, max } of given) {
    if (text.trim() === '' || text.length > max)
      return {
        code: 'contact.bad_settlement',
        field,
        detail: `${field} must have 1 to ${max} characters`,
      }
  }
  return null
}

function notInQueue(attemptId: string): SettleRefusal {
  const detail = `attempt ${attemptId} is not in the queue of unknown fates: there is no such attempt, or it is settled`
  return { code: 'contact.not_in_queue', detail }
}
