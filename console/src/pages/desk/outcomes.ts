import type { Asked } from '../../api/client.ts'

type WrapBody = NonNullable<Asked<'POST /console-api/desk/cases/:caseId/wrap'>['body']>
export type Talk = NonNullable<WrapBody['talk']>
export type DelayReason = NonNullable<WrapBody['delayReason']>

export type Outcome = {
  /** The key that chooses it, and the word for it. */
  readonly key: string
  readonly word: string
  readonly line: WrapBody['line']
  readonly party?: NonNullable<WrapBody['party']>
  readonly talk?: Talk
}

/** Nobody was spoken to: one key, then Enter. */
export const NOT_REACHED: readonly Outcome[] = [
  { key: '1', word: 'no-answer', line: 'no-answer' },
  { key: '2', word: 'busy', line: 'busy' },
  { key: '3', word: 'not-connected', line: 'not-connected' },
  { key: '4', word: 'invalid', line: 'invalid' },
  { key: '5', word: 'voicemail', line: 'voicemail' },
]

const CONNECTED = { line: 'connected' } as const

/** Somebody answered. The borrower is who was verified as such. */
export const REACHED: readonly Outcome[] = [
  { key: '6', word: 'third-party', ...CONNECTED, party: 'third-party' },
  { key: '7', word: 'wrong-person', ...CONNECTED, party: 'wrong-person' },
  { key: '8', word: 'promised', ...CONNECTED, party: 'right-party', talk: 'promised' },
  { key: '9', word: 'right-party', ...CONNECTED, party: 'right-party' },
  { key: '0', word: 'hung-up', ...CONNECTED, party: 'nobody' },
]

export const TALKS: readonly Talk[] = [
  ...(['will-pay', 'cannot-pay', 'refuses', 'paid-already', 'disputes'] as const),
  ...(['call-back', 'wants-plan', 'hung-up'] as const),
]
export const DELAY_REASONS: readonly DelayReason[] = [
  ...(['forgot', 'salary-late', 'unemployed', 'income-fell', 'illness'] as const),
  ...(['family', 'business', 'technical', 'other'] as const),
]
