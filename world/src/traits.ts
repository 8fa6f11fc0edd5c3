import { pick, type Random, randomInt, seededRandom } from '@dunlin/kernel'

/** What kind of person a borrower is, which nobody outside the world can see. */
export type Character =
  | 'forgetful'
  | 'tight'
  | 'avoider'
  | 'stopper'
  | 'wrong-number'
  | 'complainer'
  | 'struggling'

/** Hidden traits. Chances are in [0, 1]; delays are milliseconds of the world's clock. */
export type Traits = {
  readonly character: Character
  readonly readChance: number
  readonly readDelayMs: number
  readonly replyChance: number
  readonly payChance: number
  readonly payDelayMs: number
  /** Messages that are borne before the person says stop or complains. */
  readonly patience: number
  readonly isPhoneDead: boolean
  readonly isEmailDead: boolean
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How often each character occurs, in percent. */
const SHARES: readonly (readonly [Character, number])[] = [
  ['forgetful', 35],
  ['tight', 22],
  ['avoider', 18],
  ['struggling', 10],
  ['stopper', 6],
  ['wrong-number', 5],
  ['complainer', 4],
]

const PAY_CHANCE: Readonly<Record<Character, number>> = {
  forgetful: 0.8,
  tight: 0.4,
  avoider: 0.06,
  struggling: 0.15,
  stopper: 0.1,
  'wrong-number': 0,
  complainer: 0.2,
}

const REPLY_CHANCE: Readonly<Record<Character, number>> = {
  forgetful: 0.15,
  tight: 0.5,
  avoider: 0.02,
  struggling: 0.7,
  stopper: 1,
  'wrong-number': 0.8,
  complainer: 1,
}

/** The same seed gives the same person. */
export function traitsOf(seed: number): Traits {
  const random = seededRandom(seed)
  const character = characterOf(random)
  return {
    character,
    readChance: 0.6 + 0.4 * random(),
    readDelayMs: randomInt(random, 1, 180) * MINUTE_MS,
    replyChance: REPLY_CHANCE[character],
    payChance: PAY_CHANCE[character],
    payDelayMs: pick(random, [HOUR_MS, 5 * HOUR_MS, DAY_MS, 3 * DAY_MS]),
    patience: randomInt(random, 1, 3),
    isPhoneDead: random() < 0.04,
    isEmailDead: random() < 0.06,
  }
}

function characterOf(random: Random): Character {
  let left = random() * 100
  for (const [character, share] of SHARES) {
    left -= share
    if (left < 0) return character
  }
  return 'forgetful'
}
