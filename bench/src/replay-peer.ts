import type { LedgerEvent } from '@dunlin/server/loanbook-model'

/**
 * The plain way, as a floor for meaning rather than for speed: walk every day, pay the oldest line
 * first, and tell outstanding and DPD. It knows no components, pauses, snapshots or waivers.
 */
export function naiveFold(
  events: readonly LedgerEvent[],
  asOf: number,
): { outstanding: bigint; dpd: number } {
  const reversed = new Set(
    events.flatMap((event) => (event.kind === 'reversed' ? [event.reverses] : [])),
  )
  const lines: { dueOn: number; open: bigint }[] = []
  let first = asOf
  for (const event of events) {
    if (event.kind === 'scheduled') {
      lines.push({
        dueOn: event.dueOn,
        open: event.principalMinor + event.interestMinor + event.feeMinor,
      })
    } else if (event.kind === 'fee') {
      lines.push({ dueOn: event.dueOn ?? event.effectiveOn, open: event.amountMinor })
    }
    first = Math.min(first, event.effectiveOn ?? first)
  }
  lines.sort((a, b) => a.dueOn - b.dueOn)
  let credit = 0n
  for (let day = first; day <= asOf; day += 1) {
    for (const event of events) {
      if (event.kind === 'paid' && event.effectiveOn === day && !reversed.has(event.id))
        credit += event.amountMinor
    }
    for (const line of lines) {
      if (line.dueOn > day || credit === 0n) break
      const taken = line.open < credit ? line.open : credit
      line.open -= taken
      credit -= taken
    }
  }
  const oldest = lines.find((line) => line.open > 0n && line.dueOn < asOf)
  return {
    outstanding: lines.reduce((sum, line) => sum + line.open, 0n),
    dpd: oldest === undefined ? 0 : asOf - oldest.dueOn,
  }
}
