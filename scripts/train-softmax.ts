import { INTENTS } from '../server/src/conversations/model/intent.ts'
import { featuresOf, PLACES } from '../server/src/conversations/model/intent-features.ts'
import type { Labelled } from './labelled-messages.ts'

const CLASSES = INTENTS.length
const EPOCHS = 60
const RATE = 0.25
const DECAY = 1e-3

/**
 * Multinomial logistic regression by AdaGrad over the messages in a fixed order: the same messages give the same
 * weights. One row of classes a place; each text's features are scaled to length one.
 */
export function trainSoftmax(messages: readonly Labelled[]): Float64Array {
  const examples = messages.map(({ text, intent }) => ({
    places: featuresOf(text),
    label: INTENTS.indexOf(intent),
  }))
  const weights = new Float64Array(PLACES * CLASSES)
  const squares = new Float64Array(PLACES * CLASSES).fill(1e-6)
  for (let epoch = 0; epoch < EPOCHS; epoch += 1) {
    for (let step = 0; step < examples.length; step += 1) {
      // A stride that is coprime to the number of messages walks through the classes evenly.
      const example = examples[(step * stride(examples.length)) % examples.length]
      if (example !== undefined) learn({ weights, squares }, example)
    }
  }
  return weights
}

function learn(
  { weights, squares }: { weights: Float64Array; squares: Float64Array },
  { places, label }: { places: readonly number[]; label: number },
): void {
  const scale = 1 / Math.sqrt(places.length)
  const chances = chancesOf(weights, places)
  for (let index = 0; index < CLASSES; index += 1) {
    const error = ((chances[index] ?? 0) - (index === label ? 1 : 0)) * scale
    for (const place of places) {
      const at = place * CLASSES + index
      const weight = weights[at] ?? 0
      const gradient = error + DECAY * weight
      const square = (squares[at] ?? 0) + gradient * gradient
      squares[at] = square
      weights[at] = weight - (RATE * gradient) / Math.sqrt(square)
    }
  }
}

function chancesOf(weights: Float64Array, places: readonly number[]): readonly number[] {
  const scale = 1 / Math.sqrt(places.length)
  const scores = INTENTS.map((_, index) =>
    places.reduce((sum, place) => sum + (weights[place * CLASSES + index] ?? 0) * scale, 0),
  )
  const top = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - top))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

function stride(count: number): number {
  for (let candidate = Math.floor(count * 0.618); ; candidate += 1) {
    if (greatestDivisor(candidate, count) === 1) return candidate
  }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}
