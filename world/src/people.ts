import type { WorldBorrower } from './react.ts'
import { traitsOf } from './traits.ts'

/** The person of a world with this seed who answers to this id. */
export function borrowerOf(worldSeed: number, id: string, currency = 'CNY'): WorldBorrower {
  const seed = mix(worldSeed, id)
  return { id, seed, traits: traitsOf(seed), currency }
}

/** FNV-1a over the id, started from the seed: near ids are far apart. */
function mix(worldSeed: number, id: string): number {
  let hash = (0x811c9dc5 ^ worldSeed) >>> 0
  for (const letter of id) {
    hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0
  }
  return hash
}
