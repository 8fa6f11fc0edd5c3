import { type Instant, instant } from '@dunlin/kernel'
import type { Sql } from '../platform/db/index.ts'
import { countUnknownRows, readUnknown, type UnknownRow } from './unknown-store.ts'

/** An attempt that may have reached the person: it counts in the caps and is never sent again. */
export type UnknownAttempt = {
  readonly attemptId: string
  readonly borrowerId: string
  readonly caseId: string | null
  readonly channel: string
  /** When the gate permitted it. */
  readonly at: Instant
  /** What the provider was given as its idempotency key: what to ask it about. */
  readonly permitId: string
  readonly accountId: string | null
  readonly providerMessageId: string | null
  /** `worker.lost`: our process died; `provider.unknown`: the provider did not answer. */
  readonly reason: string | null
  readonly maskedPoint: string | null
}

export type UnknownPage = {
  readonly items: readonly UnknownAttempt[]
  /** How many there are in all. */
  readonly total: number
  /** Pass it as `after` for the next page; null at the end. */
  readonly next: UnknownPlace | null
}
export type UnknownPlace = { readonly at: Instant; readonly attemptId: string }

const UNKNOWN_PAGE_MAX = 500
const UNKNOWN_PAGE = 50
const START: UnknownPlace = { at: instant(0), attemptId: '0' }

/**
 * The queue of attempts of unknown fate, oldest first. A receipt settles what has a provider's id;
 * the rest waits for a person who asked the provider (`settleAttempt`). At most UNKNOWN_PAGE_MAX a page.
 */
export async function listUnknown(
  db: Sql,
  { after = START, limit = UNKNOWN_PAGE }: { after?: UnknownPlace; limit?: number } = {},
): Promise<UnknownPage> {
  if (!Number.isInteger(limit) || limit < 1 || limit > UNKNOWN_PAGE_MAX)
    throw new RangeError(`limit must be 1 to ${UNKNOWN_PAGE_MAX}: ${limit}`)
  const given = { afterMs: after.at, afterId: after.attemptId, limit: limit + 1 }
  const [rows, total] = await Promise.all([readUnknown(db, given), countUnknownRows(db)])
  const items = rows.slice(0, limit).map(fromRow)
  const last = items.at(-1)
  const isMore = rows.length > limit && last !== undefined
  return { items, total, next: isMore ? { at: last.at, attemptId: last.attemptId } : null }
}

function fromRow(row: UnknownRow): UnknownAttempt {
  return {
    attemptId: row.attempt_id,
    borrowerId: row.borrower_id,
    caseId: row.case_id,
    channel: row.channel,
    at: instant(Number(row.at_ms)),
    permitId: row.permit_id,
    accountId: row.provider_account_id,
    providerMessageId: row.provider_message_id,
    reason: row.reason,
    maskedPoint: row.masked,
  }
}
