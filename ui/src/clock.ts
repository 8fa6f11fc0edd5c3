// The only place in the browser that reads the time.

let base = { server: 0, local: 0, rate: 1 }

/** Follows the product's clock: what it showed, and how fast it runs (faster than the wall in a demo). */
export function setProductClock(now: string, rate: number): void {
  base = { server: Date.parse(now), local: performance.now(), rate }
}

/** The product's time in milliseconds. */
export function productNow(): number {
  if (base.server === 0) return Date.now()
  return base.server + (performance.now() - base.local) * base.rate
}

export function productRate(): number {
  return base.rate
}

/** A local day so many days on: 2026-06-01 and 3 → 2026-06-04. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}
