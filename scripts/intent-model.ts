import { readLabelled } from './labelled-messages.ts'
import { trainSoftmax } from './train-softmax.ts'

const LEVELS = 127

/** The text of `generated/intent-model.ts`: weights in one byte each, so that no last digit of a float matters. */
export function intentModelFile(): string {
  const weights = trainSoftmax(readLabelled('development'))
  const largest = weights.reduce((max, weight) => Math.max(max, Math.abs(weight)), 0)
  const bytes = Buffer.from(
    Int8Array.from(weights, (weight) => Math.round((weight / largest) * LEVELS)),
  )
  const scale = Number((largest / LEVELS).toPrecision(6))
  return `// Made by scripts/train-intent.ts from test/intent/development.txt; do not edit.
export const INTENT_MODEL: { readonly scale: number; readonly weights: string } = {
  scale: ${scale},
  weights:
    '${bytes.toString('base64')}',
}
`
}
