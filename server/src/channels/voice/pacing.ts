/** More calls than this are never rung at one time by one campaign. */
export const RINGING_MAX = 500
/** The highest share of answered calls that may find no agent; a setting can only be lower. */
export const ABANDON_CAP = 0.03

export type DialState = {
  readonly agentsFree: number
  /** The share of calls that a person answers, as measured; undefined while nothing is measured. */
  readonly answerRate: number | undefined
  /** What the campaign's own window measured so far: answered by a person, and of these without an agent. */
  readonly answered: number
  readonly abandoned: number
}

/**
 * How many calls may ring at once. Bound: with each call answered independently at the measured rate, the
 * expected calls without an agent are at most ABANDON_CAP of the expected answered calls, exactly (binomial, no
 * approximation). Without a measured rate, or once the window has used four fifths of the cap, it is one call
 * for one agent, and then no call can be abandoned at all.
 */
export function callsToRing({ agentsFree, answerRate, answered, abandoned }: DialState): number {
  const agents = Math.min(Math.max(0, Math.floor(agentsFree)), RINGING_MAX)
  const isNearCap = abandoned > 0.8 * ABANDON_CAP * answered
  if (!(agents > 0)) return 0
  if (answerRate === undefined || !(answerRate > 0 && answerRate <= 1) || isNearCap) return agents
  let chances: readonly number[] = [1]
  let ringing = 0
  while (ringing < RINGING_MAX) {
    chances = oneMoreCall(chances, answerRate)
    if (ringing >= agents && abandonRate(chances, agents) > ABANDON_CAP) return ringing
    ringing += 1
  }
  return ringing
}

/** From the chances of 0, 1, 2 … answers to those with one call more. */
function oneMoreCall(chances: readonly number[], rate: number): readonly number[] {
  return [...chances, 0].map(
    (chance, answers) => chance * (1 - rate) + (chances[answers - 1] ?? 0) * rate,
  )
}

function abandonRate(chances: readonly number[], agents: number): number {
  let lost = 0
  let expected = 0
  for (const [answers, chance] of chances.entries()) {
    expected += answers * chance
    lost += Math.max(0, answers - agents) * chance
  }
  return lost / expected
}
