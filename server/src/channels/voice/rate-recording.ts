import { FRAME_MS, type FrameLevels, frameLevels } from './frame-levels.ts'

/** One side of a recorded call as it was heard. */
export type SideQuality = {
  /** Speech over noise in decibels; null where nobody speaks, infinite where there is no noise. */
  readonly snrDb: number | null
  /** Level of the speech, in decibels below full scale; null where nobody speaks. */
  readonly speechDb: number | null
  /** Share of samples that stand at the end of the scale in runs of three or more. */
  readonly clipped: number
  readonly speechSeconds: number
}

export type RecordingQuality = {
  readonly seconds: number
  readonly agent: SideQuality
  readonly borrower: SideQuality
  /** Share of the time in which nobody speaks, and the longest such stretch. */
  readonly silence: number
  readonly longestSilenceSeconds: number
  /** Share of the time in which both speak. */
  readonly talkOver: number
  /** The agent's share of all speech; null where nobody speaks. */
  readonly talkRatio: number | null
  readonly alarms: readonly RecordingAlarm[]
}
export type RecordingAlarm =
  | 'agent_noisy'
  | 'borrower_noisy'
  | 'agent_clipped'
  | 'borrower_clipped'
  | 'one_way'
  | 'talk_over'
  | 'long_silence'

/** From when a supervisor wants to know: our own choice, to be measured against complaints. */
const ALARM = {
  snrDb: 15,
  clipped: 0.001,
  talkOver: 0.15,
  silenceSeconds: 20,
  /** One speaks as long as this and the other not once: half a call was not heard. */
  oneWaySeconds: 10,
} as const

export type Recording = {
  readonly sampleRate: number
  /** Samples from -1 to 1, one side each. */
  readonly agent: Float64Array
  readonly borrower: Float64Array
}

/** What the two of a call heard of each other, from a recording with a side each. Pure. */
export function rateRecording({ sampleRate, agent, borrower }: Recording): RecordingQuality {
  const length = Math.min(agent.length, borrower.length)
  const sides = [agent.subarray(0, length), borrower.subarray(0, length)] as const
  const levels = [frameLevels(sides[0], sampleRate), frameLevels(sides[1], sampleRate)] as const
  const [one, other] = [levels[0].isSpeech, levels[1].isSpeech]
  const frames = one.length
  const share = (count: number): number => (frames === 0 ? 0 : count / frames)
  const silent = one.map((isOn, frame) => !isOn && other[frame] !== true)
  const both = one.filter((isOn, frame) => isOn && other[frame] === true).length
  const rated = {
    seconds: length / sampleRate,
    agent: rateSide(sides[0], levels[0]),
    borrower: rateSide(sides[1], levels[1]),
    silence: share(silent.filter(Boolean).length),
    longestSilenceSeconds: secondsOf(longestRun(silent)),
    talkOver: share(both),
  }
  const spoken = rated.agent.speechSeconds + rated.borrower.speechSeconds
  const talkRatio = spoken === 0 ? null : rated.agent.speechSeconds / spoken
  return { ...rated, talkRatio, alarms: alarmsOf(rated) }
}

function rateSide(samples: Float64Array, { powers, isSpeech, noise }: FrameLevels): SideQuality {
  const speech = powers.filter((_, frame) => isSpeech[frame] === true)
  const clipped = samples.length === 0 ? 0 : countClipped(samples) / samples.length
  const speechSeconds = secondsOf(speech.length)
  if (speech.length === 0) return { snrDb: null, speechDb: null, clipped, speechSeconds }
  const heard = speech.reduce((sum, power) => sum + power, 0) / speech.length
  const signal = Math.max(heard - noise, Number.MIN_VALUE)
  const snrDb = noise === 0 ? Number.POSITIVE_INFINITY : decibels(signal / noise)
  return { snrDb, speechDb: decibels(signal), clipped, speechSeconds }
}

/** The loudest that µ-law can say; PCM and A-law go a little further. */
const FULL = 0.98
const CLIPPED_RUN = 3

function countClipped(samples: Float64Array): number {
  let count = 0
  let run = 0
  for (const sample of samples) {
    run = Math.abs(sample) >= FULL ? run + 1 : 0
    if (run === CLIPPED_RUN) count += CLIPPED_RUN
    else if (run > CLIPPED_RUN) count += 1
  }
  return count
}

function alarmsOf(
  rated: Pick<RecordingQuality, 'agent' | 'borrower' | 'talkOver' | 'longestSilenceSeconds'>,
): RecordingAlarm[] {
  const { agent, borrower, talkOver, longestSilenceSeconds } = rated
  const isNoisy = ({ snrDb }: SideQuality): boolean => snrDb !== null && snrDb < ALARM.snrDb
  const spoken = [agent.speechSeconds, borrower.speechSeconds]
  const found: readonly (readonly [RecordingAlarm, boolean])[] = [
    ['agent_noisy', isNoisy(agent)],
    ['borrower_noisy', isNoisy(borrower)],
    ['agent_clipped', agent.clipped > ALARM.clipped],
    ['borrower_clipped', borrower.clipped > ALARM.clipped],
    ['one_way', Math.min(...spoken) === 0 && Math.max(...spoken) >= ALARM.oneWaySeconds],
    ['talk_over', talkOver > ALARM.talkOver],
    ['long_silence', longestSilenceSeconds > ALARM.silenceSeconds],
  ]
  return found.filter(([, isSo]) => isSo).map(([alarm]) => alarm)
}

function longestRun(marks: readonly boolean[]): number {
  let longest = 0
  let run = 0
  for (const mark of marks) {
    run = mark ? run + 1 : 0
    longest = Math.max(longest, run)
  }
  return longest
}

function secondsOf(frames: number): number {
  return (frames * FRAME_MS) / 1000
}

function decibels(ratio: number): number {
  return 10 * Math.log10(ratio)
}
