/** An account as far as choosing one goes. */
export type RouteView = {
  readonly accountId: string
  readonly carries: ReadonlySet<string>
  /** Null when nobody said: dearer than any that is known. */
  readonly costPerThousandMinor: bigint | null
  readonly isStopped: boolean
  /** Connected, and not resting after failures. */
  readonly isWell: boolean
}

/**
 * The accounts of one channel that take a content now. Those that may carry it and nobody stopped; of
 * them the well ones, when any is; of those the cheapest, who share the work. When no account at all may
 * carry it, everyone may take it, and the gate refuses it there. When all that may are stopped, it waits.
 */
export function takersOf(routes: readonly RouteView[], content: string): ReadonlySet<string> {
  const able = routes.filter(({ carries }) => carries.has(content))
  if (able.length === 0) return idsOf(routes)
  const open = able.filter(({ isStopped }) => !isStopped)
  const well = open.filter(({ isWell }) => isWell)
  return idsOf(cheapestOf(well.length > 0 ? well : open))
}

function cheapestOf(routes: readonly RouteView[]): readonly RouteView[] {
  const costs = routes.flatMap(({ costPerThousandMinor: cost }) => (cost === null ? [] : [cost]))
  const least = costs.reduce<bigint | null>(
    (best, cost) => (best === null || cost < best ? cost : best),
    null,
  )
  return routes.filter(({ costPerThousandMinor }) => costPerThousandMinor === least)
}

function idsOf(routes: readonly RouteView[]): ReadonlySet<string> {
  return new Set(routes.map(({ accountId }) => accountId))
}
