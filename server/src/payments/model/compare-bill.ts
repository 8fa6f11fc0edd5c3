/** A payment or a refund on one side of the comparison. */
export type Movement = {
  readonly subject: 'payment' | 'refund'
  /** Our number of the order or of the refund. */
  readonly number: string
  readonly amountMinor: bigint
}
export type Difference = {
  readonly kind: 'missing-here' | 'missing-there' | 'amount-differs'
  readonly subject: Movement['subject']
  readonly number: string
  readonly oursMinor: bigint | null
  readonly theirsMinor: bigint | null
}

/**
 * What differs between our movements of a day and the bill's, to the cent. A number that stands on the bill
 * twice is missing here once.
 */
export function compareBill(
  ours: readonly Movement[],
  theirs: readonly Movement[],
): readonly Difference[] {
  const waiting = new Map(ours.map((movement) => [keyOf(movement), movement]))
  const found: Difference[] = []
  for (const { subject, number, amountMinor: theirsMinor } of theirs) {
    const key = keyOf({ subject, number })
    const oursMinor = waiting.get(key)?.amountMinor ?? null
    waiting.delete(key)
    if (oursMinor === theirsMinor) continue
    const kind = oursMinor === null ? 'missing-here' : 'amount-differs'
    found.push({ kind, subject, number, oursMinor, theirsMinor })
  }
  for (const { subject, number, amountMinor: oursMinor } of waiting.values())
    found.push({ kind: 'missing-there', subject, number, oursMinor, theirsMinor: null })
  return found
}

function keyOf({ subject, number }: Pick<Movement, 'subject' | 'number'>): string {
  return `${subject} ${number}`
}
