import type { Instant } from '@dunlin/kernel'

/** How long the same SMS from the same phone is taken for the provider's repetition: one to two of these. */
const REPETITION_MS = 15 * 60_000

/**
 * Under which keys an arrival may be stored already; the first is the one to store it under. A mail has an
 * id of its own for good. An SMS has none: the same words within the repetition time are the same message,
 * later they are said again.
 */
export function arrivalKeys(arrival: {
  readonly channel: 'sms' | 'email' | 'wecom' | 'letter'
  readonly dedupeKey: string
  readonly at: Instant
}): readonly [string, ...string[]] {
  const { channel, dedupeKey, at } = arrival
  if (channel !== 'sms') return [dedupeKey]
  const period = Math.floor(at / REPETITION_MS)
  return [`${dedupeKey}@${period}`, `${dedupeKey}@${period - 1}`]
}
