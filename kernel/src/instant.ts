import type { Brand } from './brand.ts'

/** A moment as milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Brand<number, 'Instant'>

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})$/

/** RFC 3339 with offset → instant; null when malformed or without offset. */
export function parseInstant(text: string): Instant | null {
  if (!RFC3339.test(text)) return null
  const ms = Date.parse(text.length === 17 || text[16] !== ':' ? withSeconds(text) : text)
  return Number.isNaN(ms) ? null : instant(ms)
}

/** Instant → `YYYY-MM-DDTHH:MM:SS[.mmm]Z`. */
export function formatInstant(at: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString()
}

/** Brands milliseconds since 1970; throws on anything that is no finite number. */
export function instant(epochMs: number): Instant {
  if (!isInstant(epochMs)) throw new RangeError(`not an instant: ${epochMs}`)
  return epochMs
}

function isInstant(epochMs: number): epochMs is Instant {
  return Number.isFinite(epochMs)
}

function withSeconds(text: string): string {
  return /T\d{2}:\d{2}([Zz]|[+-])/.test(text) ? `${text.slice(0, 16)}:00${text.slice(16)}` : text
}
