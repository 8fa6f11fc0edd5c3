/** What the WeCom server does wrong on demand. Counts say for how many of the next calls (never `gettoken`). */
export type WecomMisbehaviour = {
  /** Answers 42001 (token expired) although it is not. */
  readonly expiredNext: number
  /** Answers 45009 (rate) without taking the call. */
  readonly rateNext: number
  /** Answers -1 (busy) without taking the call. */
  readonly busyNext: number
  /** Answers 40058 (a parameter is wrong) without taking the call. */
  readonly refuseNext: number
  /** Answers 502 with a page. */
  readonly brokenNext: number
  /** Drops the connection without taking the call. */
  readonly dropBeforeNext: number
  /** Takes the call, then drops the connection instead of answering. */
  readonly dropAfterNext: number
  /** Takes the call and never answers. */
  readonly silentNext: number
  /** Takes the call and writes half of the answer. */
  readonly halfNext: number
  /** Waits this long before each answer, in milliseconds. */
  readonly slowMs: number
  /** Signs the next callbacks wrongly. */
  readonly badSignatureNext: number
  /** Pushes every callback twice. */
  readonly isCallbackDoubled: boolean
}

export const WECOM_BEHAVED: WecomMisbehaviour = {
  expiredNext: 0,
  rateNext: 0,
  busyNext: 0,
  refuseNext: 0,
  brokenNext: 0,
  dropBeforeNext: 0,
  dropAfterNext: 0,
  silentNext: 0,
  halfNext: 0,
  slowMs: 0,
  badSignatureNext: 0,
  isCallbackDoubled: false,
}

type Countdown = {
  [Name in keyof WecomMisbehaviour]: WecomMisbehaviour[Name] extends boolean ? never : Name
}[keyof WecomMisbehaviour]

export type WecomFaults = {
  readonly get: () => WecomMisbehaviour
  readonly set: (change: Partial<WecomMisbehaviour>) => void
  /** Uses up one of a countdown; false when there is none left. */
  readonly take: (countdown: Exclude<Countdown, 'slowMs'>) => boolean
}

export function createWecomFaults(): WecomFaults {
  let current = WECOM_BEHAVED
  return {
    get: () => current,
    set: (change) => {
      current = { ...current, ...change }
    },
    take: (countdown) => {
      if (current[countdown] <= 0) return false
      current = { ...current, [countdown]: current[countdown] - 1 }
      return true
    },
  }
}
