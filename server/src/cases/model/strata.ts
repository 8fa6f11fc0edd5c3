/** One case as a preview counts it: null where nobody gets it. */
export type CountedCase = {
  readonly stage: string | null
  readonly band: number
  readonly arrearsMinor: number
  readonly agentId: string | null
}
export type StratumCount = {
  readonly stage: string | null
  readonly band: number
  readonly cases: number
  readonly arrearsMinor: number
  readonly left: number
  /** How many each agent gets, in the order of the agents. */
  readonly shares: readonly number[]
}

/** Who gets how many of each stratum; strata by stage, then by band. */
export function countStrata(
  cases: readonly CountedCase[],
  agentIds: readonly string[],
): StratumCount[] {
  const groups = Map.groupBy(cases, ({ stage, band }) => `${stage ?? ''} ${band}`)
  return [...groups.values()]
    .flatMap((alike) => {
      const [first] = alike
      if (first === undefined) return []
      const counts = new Map<string | null, number>()
      for (const { agentId } of alike) counts.set(agentId, (counts.get(agentId) ?? 0) + 1)
      return [
        {
          ...{ stage: first.stage, band: first.band, cases: alike.length },
          arrearsMinor: alike.reduce((sum, { arrearsMinor }) => sum + arrearsMinor, 0),
          left: counts.get(null) ?? 0,
          shares: agentIds.map((agentId) => counts.get(agentId) ?? 0),
        },
      ]
    })
    .sort((a, b) => compare(a.stage ?? '', b.stage ?? '') || a.band - b.band)
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
