import type { Paused, Resumed } from './ledger-event.ts'

/** The half-open interval of days [start, end) on which DPD stands still. */
export type Pause = { readonly start: number; end: number }

/** Reads one pause or resume in the order of the fold; false when a resume found nothing to end. */
export function applyPause(pauses: Pause[], event: Paused | Resumed): boolean {
  if (event.kind === 'paused') {
    pauses.push({ start: event.effectiveOn, end: event.untilOn ?? Number.POSITIVE_INFINITY })
    return true
  }
  const running = pauses.filter(
    (pause) => pause.start <= event.effectiveOn && event.effectiveOn < pause.end,
  )
  for (const pause of running) pause.end = event.effectiveOn
  return running.length > 0
}

/** Days d with from ≤ d < until that lie in at least one pause. */
export function pausedDaysBetween(pauses: readonly Pause[], from: number, until: number): number {
  const clipped = pauses
    .map((pause) => ({ start: Math.max(pause.start, from), end: Math.min(pause.end, until) }))
    .filter((pause) => pause.start < pause.end)
    .sort((a, b) => a.start - b.start)
  let days = 0
  let covered = from
  for (const pause of clipped) {
    const start = Math.max(pause.start, covered)
    if (pause.end > start) days += pause.end - start
    covered = Math.max(covered, pause.end)
  }
  return days
}
