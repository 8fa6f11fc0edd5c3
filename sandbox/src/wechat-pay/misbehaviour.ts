/** What the WeChat Pay server does wrong on demand. Counts say for how many of the next calls or callbacks. */
export type WechatPayMisbehaviour = {
  /** Answers 500 SYSTEM_ERROR without taking the call. */
  readonly brokenNext: number
  /** Answers 429 FREQUENCY_LIMITED without taking the call. */
  readonly rateNext: number
  /** Drops the connection without taking the call. */
  readonly dropBeforeNext: number
  /** Takes the call, then drops the connection instead of answering. */
  readonly lostAnswerNext: number
  /** Takes the call and writes half of the answer. */
  readonly halfNext: number
  /** Takes the call and answers it under a wrong signature. */
  readonly badAnswerSignatureNext: number
  /** Waits this long before each answer, in milliseconds. */
  readonly slowMs: number
  /** Signs the next callbacks wrongly, as the platform's own probes do. */
  readonly badSignatureNext: number
  /** Pushes every callback twice. */
  readonly isCallbackDoubled: boolean
  /** Pushes no callback at all: they get lost. */
  readonly isCallbackLost: boolean
  /** Serves bills whose text is not what the hash was made of. */
  readonly isBillDamaged: boolean
}

export const WECHAT_PAY_BEHAVED: WechatPayMisbehaviour = {
  brokenNext: 0,
  rateNext: 0,
  dropBeforeNext: 0,
  lostAnswerNext: 0,
  halfNext: 0,
  badAnswerSignatureNext: 0,
  slowMs: 0,
  badSignatureNext: 0,
  isCallbackDoubled: false,
  isCallbackLost: false,
  isBillDamaged: false,
}

type Countdown = Exclude<
  keyof WechatPayMisbehaviour,
  'slowMs' | 'isCallbackDoubled' | 'isCallbackLost' | 'isBillDamaged'
>

export type WechatPayFaults = {
  readonly get: () => WechatPayMisbehaviour
  readonly set: (change: Partial<WechatPayMisbehaviour>) => void
  /** Uses up one of a countdown; false when there is none left. */
  readonly take: (countdown: Countdown) => boolean
}

export function createWechatPayFaults(): WechatPayFaults {
  let current = WECHAT_PAY_BEHAVED
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
