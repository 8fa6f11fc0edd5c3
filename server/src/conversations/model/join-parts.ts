/** One part of a long message, by its number of `total`. */
export type NumberedPart = {
  readonly sequence: number
  readonly total: number
  readonly text: string
}

/** Stands for a part that never came. */
const MISSING = '[…]'

/** The whole text once every part is there; null while one is missing, unless nobody waits any longer. */
export function joinParts(parts: readonly NumberedPart[], isWaitOver: boolean): string | null {
  const total = parts[0]?.total ?? 0
  const bySequence = new Map(parts.map(({ sequence, text }) => [sequence, text]))
  if (bySequence.size < total && !isWaitOver) return null
  return Array.from({ length: total }, (_, index) => bySequence.get(index + 1) ?? MISSING).join('')
}
