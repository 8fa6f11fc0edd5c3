import type { Instant } from '@dunlin/kernel'

/** What a provider says became of a message. */
export type ProviderReceipt = {
  readonly accountId: string
  readonly providerMessageId: string
  readonly line: 'delivered' | 'failed' | 'unknown'
  readonly detail: string
  readonly at: Instant
}

type Arrived = {
  readonly accountId: string
  readonly at: Instant
  /** The same arrival handed over again has the same key. */
  readonly dedupeKey: string
  /** The mail as it came, in base64; empty where the other fields are all there was. */
  readonly raw: string
}

/** Something a person wrote to us, whole. `permitId` is the permit it answers, where it says so. */
export type InboundMessage = Arrived & {
  readonly kind: 'message'
  readonly channel: 'sms' | 'email'
  readonly from: string
  readonly to: string
  readonly subject: string | null
  readonly text: string
  readonly permitId: string | null
  /** An out-of-office note or the like: kept, but nobody waits for an answer. */
  readonly isAutomatic: boolean
}

/** One part of a long SMS; the whole is known once all its parts are stored. */
export type InboundPart = Arrived & {
  readonly kind: 'part'
  readonly channel: 'sms'
  readonly from: string
  readonly to: string
  readonly text: string
  readonly reference: number
  readonly total: number
  readonly sequence: number
}

/** A mail server's report that a mail did not arrive; `hard` means that the address will never work. */
export type InboundBounce = Arrived & {
  readonly kind: 'bounce'
  readonly channel: 'email'
  readonly permitId: string
  readonly severity: 'hard' | 'soft'
  readonly status: string
  readonly diagnostic: string
}

/** A mailbox provider's report that its user called a mail spam: stops the channel. */
export type InboundComplaint = Arrived & {
  readonly kind: 'complaint'
  readonly channel: 'email'
  readonly permitId: string
  readonly feedback: string
}

/** A mail to the unsubscribe mailbox: the token names the person; without a good one the sender is meant. */
export type InboundUnsubscribe = Arrived & {
  readonly kind: 'unsubscribe'
  readonly channel: 'email'
  readonly from: string
  readonly token: string
}

export type InboundItem =
  | InboundMessage
  | InboundPart
  | InboundBounce
  | InboundComplaint
  | InboundUnsubscribe

/**
 * Who takes what providers hand over. A promise that resolves means stored for good: only then is the
 * provider told that we have it. A rejected one makes it offer the same again.
 */
export type InboundHandlers = {
  readonly onReceipts: (receipts: readonly ProviderReceipt[]) => Promise<void>
  readonly onInbound: (item: InboundItem) => Promise<void>
}
