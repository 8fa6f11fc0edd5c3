import { type Random, randomInt } from '@dunlin/kernel'

export type WaitingCase = {
  readonly caseId: string
  /** Cases that are alike: each agent gets as many of them as any other, give or take one. */
  readonly stratum: string
  /** What the agent must be able to do. */
  readonly needs: readonly string[]
}
export type Assignee = {
  readonly agentId: string
  /** How many more cases there is room for. */
  readonly room: number
  readonly skills: ReadonlySet<string>
}
export type Distribution = {
  readonly assigned: ReadonlyMap<string, string>
  /** Cases that nobody with the skills has room for. */
  readonly left: readonly string[]
}

/**
 * Deals cases to agents, fair and by chance within each stratum, so that results can be compared between
 * agents: nobody picks, nobody gets the easy ones. Of those who can and have room, the one with the fewest
 * of the stratum is next, then the one with the fewest in all, then whoever chance names. Same seed, same deal.
 */
export function distributeCases(
  cases: readonly WaitingCase[],
  agents: readonly Assignee[],
  random: Random,
): Distribution {
  const assigned = new Map<string, string>()
  const left: string[] = []
  const held = agents.map(() => 0)
  const strata = [...Map.groupBy(cases, ({ stratum }) => stratum)].sort(([a], [b]) =>
    a < b ? -1 : 1,
  )
  for (const [, alike] of strata) {
    const order = shuffle([...agents.keys()], random)
    const ofStratum = agents.map(() => 0)
    for (const each of shuffle(alike, random)) {
      const next = nextOf(order, { agents, needs: each.needs, held, ofStratum })
      const agent = next === null ? undefined : agents[next]
      if (next === null || agent === undefined) {
        left.push(each.caseId)
        continue
      }
      assigned.set(each.caseId, agent.agentId)
      held[next] = (held[next] ?? 0) + 1
      ofStratum[next] = (ofStratum[next] ?? 0) + 1
    }
  }
  return { assigned, left }
}

type Hands = {
  readonly agents: readonly Assignee[]
  readonly needs: readonly string[]
  readonly held: readonly number[]
  readonly ofStratum: readonly number[]
}

/** The place of the agent who is next; null when nobody can or has room. */
function nextOf(order: readonly number[], hands: Hands): number | null {
  let best: number | null = null
  for (const place of order) {
    if (mayTake(place, hands) && (best === null || hasFewer(place, best, hands))) best = place
  }
  return best
}

function mayTake(place: number, { agents, needs, held }: Hands): boolean {
  const agent = agents[place]
  if (agent === undefined || (held[place] ?? 0) >= agent.room) return false
  return needs.every((need) => agent.skills.has(need))
}

function hasFewer(place: number, other: number, { held, ofStratum }: Hands): boolean {
  const here = ofStratum[place] ?? 0
  const there = ofStratum[other] ?? 0
  return here < there || (here === there && (held[place] ?? 0) < (held[other] ?? 0))
}

/** A new list in an order that chance gives (Fisher–Yates). */
function shuffle<T>(items: readonly T[], random: Random): T[] {
  const mixed = [...items]
  for (let place = mixed.length - 1; place > 0; place -= 1) {
    const other = randomInt(random, 0, place)
    const [a, b] = [mixed[place], mixed[other]]
    if (a === undefined || b === undefined) continue
    mixed[place] = b
    mixed[other] = a
  }
  return mixed
}
