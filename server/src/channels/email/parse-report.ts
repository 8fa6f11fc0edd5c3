/** What a delivery-status part (RFC 3464) says of the first recipient that it reports on. */
export type DeliveryStatus = {
  readonly action: string
  readonly status: string
  readonly diagnostic: string
}

/** The fields of a `message/delivery-status` part; null when it reports no failure or delay. */
export function parseDeliveryStatus(part: string): DeliveryStatus | null {
  const recipients = part.split(/\r?\n\s*\r?\n/).map(fieldsOf)
  const found = recipients.find((fields) => fields.has('action'))
  const action = found?.get('action')?.toLowerCase()
  if (found === undefined || (action !== 'failed' && action !== 'delayed')) return null
  const status = /\b([245])\.(\d{1,3})\.(\d{1,3})\b/.exec(found.get('status') ?? '')?.[0]
  return {
    action,
    status: status ?? (action === 'failed' ? '5.0.0' : '4.0.0'),
    diagnostic: (found.get('diagnostic-code') ?? '').slice(0, DIAGNOSTIC_CHARS_MAX),
  }
}

/**
 * Whether the address will never work: no such mailbox or domain, or an account that is closed. A full
 * mailbox, a refused content or a late delivery says nothing about the address.
 */
export function isHardBounce({ action, status }: DeliveryStatus): boolean {
  return action === 'failed' && HARD.test(status)
}

/** The `Feedback-Type` of a `message/feedback-report` part (RFC 5965). */
export function feedbackType(part: string): string {
  return fieldsOf(part).get('feedback-type')?.toLowerCase() ?? 'unknown'
}

const DIAGNOSTIC_CHARS_MAX = 500
/** Bad mailbox, syntax or domain (5.1.0–5.1.6, 5.1.10), disabled mailbox (5.2.1), no route to the domain (5.4.4). */
const HARD = /^5\.(1\.([0-6]|10)|2\.1|4\.4)$/

function fieldsOf(block: string): ReadonlyMap<string, string> {
  const unfolded = block.replace(/\r?\n[ \t]+/g, ' ')
  return new Map(
    unfolded.split(/\r?\n/).flatMap((line): [string, string][] => {
      const colon = line.indexOf(':')
      if (colon <= 0) return []
      return [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]]
    }),
  )
}
