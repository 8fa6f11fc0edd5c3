/** What a person wants us to understand first, in the order of harm done by missing it (test/intent/guide.md). */
export const INTENTS = [
  'distress',
  'stop',
  'wrong-person',
  'dispute',
  'complaint',
  'paid-already',
  'promise',
  'cannot-pay',
  'question',
  'other',
] as const
export type Intent = (typeof INTENTS)[number]
