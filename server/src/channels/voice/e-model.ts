/** What RTP measured of one direction of a call. */
export type RtpQuality = {
  /** From mouth to ear, the jitter buffer included. */
  readonly oneWayDelayMs: number
  /** Packets lost or come too late, 0 to 100. */
  readonly lossPercent: number
  /** 1 when losses are independent; larger when they come in bursts. */
  readonly burstRatio: number
  readonly codec: Codec
}
export type Codec = keyof typeof CODECS

export type CallQuality = { readonly r: number; readonly mos: number; readonly grade: Grade }
export type Grade = 'good' | 'fair' | 'poor' | 'bad'

/** Equipment impairment and robustness to loss, loss in percent; given second-hand as those of ITU-T G.113, appendix I. */
const CODECS = {
  'g711-plc': { ie: 0, bpl: 25.1 },
  g711: { ie: 0, bpl: 4.3 },
  g729a: { ie: 11, bpl: 19 },
} as const

/** The rating of a call without delay or loss, with every other parameter of ITU-T G.107 at its default. */
const R_BEST = 93.2
/** Above this delay people begin to talk over each other, and R falls more steeply. */
const DELAY_KNEE_MS = 177.3

/**
 * What a listener would say of the call, from the E-model (ITU-T G.107) reduced to delay, codec and loss.
 * Throws RangeError on a measurement that cannot be: a figure made of it would look like a good call.
 */
export function rateCall(rtp: RtpQuality): CallQuality {
  mustLie(rtp.oneWayDelayMs, [0, Number.MAX_VALUE], 'delay')
  mustLie(rtp.lossPercent, [0, 100], 'loss')
  mustLie(rtp.burstRatio, [1, Number.MAX_VALUE], 'burst ratio')
  const r = R_BEST - delayImpairment(rtp.oneWayDelayMs) - equipmentImpairment(rtp)
  const mos = mosOf(r)
  return { r, mos, grade: gradeOf(mos) }
}

function delayImpairment(delayMs: number): number {
  return 0.024 * delayMs + 0.11 * Math.max(0, delayMs - DELAY_KNEE_MS)
}

function equipmentImpairment({ codec, lossPercent, burstRatio }: RtpQuality): number {
  const { ie, bpl } = CODECS[codec]
  return ie + (95 - ie) * (lossPercent / (lossPercent / burstRatio + bpl))
}

/** ITU-T G.107, annex B. The cubic dips a little under 1 for the smallest R; the scale begins at 1. */
function mosOf(r: number): number {
  if (r <= 0) return 1
  if (r >= 100) return 4.5
  return Math.max(1, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r))
}

function gradeOf(mos: number): Grade {
  if (mos > 4) return 'good'
  if (mos >= 3.6) return 'fair'
  return mos >= 3.1 ? 'poor' : 'bad'
}

function mustLie(value: number, [low, high]: readonly [number, number], what: string): void {
  if (!(value >= low && value <= high)) throw new RangeError(`no ${what} of a call: ${value}`)
}
