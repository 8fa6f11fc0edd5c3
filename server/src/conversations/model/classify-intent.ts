import { INTENT_MODEL } from './generated/intent-model.ts'
import { INTENTS, type Intent } from './intent.ts'
import { featuresOf } from './intent-features.ts'

/** Below this the class is `unsure` and a person looks; chosen on the development half. */
const SURE_MIN = 0.4
/** Distress is believed earlier: a person too many costs less than one unheard. */
const DISTRESS_MIN = 0.2

export type Classified = {
  readonly intent: Intent | 'unsure'
  /** Of the best class, also when it was not sure enough. */
  readonly best: Intent
  readonly chance: number
}

const CLASSES = INTENTS.length
const weights = Int8Array.from(Buffer.from(INTENT_MODEL.weights, 'base64'), (byte) =>
  byte > 127 ? byte - 256 : byte,
)

/** What a message is about, by rules and a small model trained on `test/intent/development.txt`. Pure. */
export function classifyIntent(text: string): Classified {
  const chances = chancesOf(featuresOf(text))
  const [distress = 0] = chances
  if (distress >= DISTRESS_MIN) return { intent: 'distress', best: 'distress', chance: distress }
  const chance = Math.max(...chances)
  const best = INTENTS[chances.indexOf(chance)] ?? 'other'
  return { intent: chance >= SURE_MIN ? best : 'unsure', best, chance }
}

function chancesOf(places: readonly number[]): readonly number[] {
  const scale = INTENT_MODEL.scale / Math.sqrt(places.length)
  const scores = INTENTS.map((_, index) =>
    places.reduce((sum, place) => sum + (weights[place * CLASSES + index] ?? 0) * scale, 0),
  )
  const top = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - top))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}
