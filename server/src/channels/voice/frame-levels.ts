/** Length of a frame: shorter than any syllable, long enough that noise alone varies by half a decibel. */
export const FRAME_MS = 20
/** A pause inside speech, not between turns: what ITU-T P.56 bridges when it measures active speech. */
const HANGOVER_FRAMES = 10
/** Above the noise a frame counts as speech. */
const SPEECH_DB = 3
const FLOOR_TURNS = 8
const QUIETEST_SHARE = 0.1
/** Below this a frame holds digital silence: one step of 16 bits. */
const DIGITAL_SILENCE = (1 / 32_768) ** 2

/** One side of a call by frames: how strong each is, and whether somebody speaks in it. */
export type FrameLevels = {
  /** Mean square of each frame, 1 for a full-scale square wave. */
  readonly powers: Float64Array
  readonly isSpeech: readonly boolean[]
  /** Mean square of the frames without speech; 0 when they hold nothing at all. */
  readonly noise: number
}

/** Frames of one side, samples from -1 to 1. The noise is taken to be steady over the recording. Pure. */
export function frameLevels(samples: Float64Array, sampleRate: number): FrameLevels {
  const size = Math.round((sampleRate * FRAME_MS) / 1000)
  const powers = new Float64Array(Math.floor(samples.length / size))
  for (let frame = 0; frame < powers.length; frame += 1) {
    let sum = 0
    for (let at = frame * size; at < (frame + 1) * size; at += 1) sum += (samples[at] ?? 0) ** 2
    powers[frame] = sum / size
  }
  const noise = noiseFloor(powers)
  const threshold = Math.max(noise, DIGITAL_SILENCE) * 10 ** (SPEECH_DB / 10)
  return { powers, noise, isSpeech: bridged([...powers].map((power) => power > threshold)) }
}

/**
 * The mean of the frames that are noise: from the quietest tenth upward, all that lie within 3 dB of the mean so
 * far, until that changes nothing.
 */
function noiseFloor(powers: Float64Array): number {
  const sorted = Float64Array.from(powers).sort()
  const quietest = sorted.subarray(0, Math.max(1, Math.floor(sorted.length * QUIETEST_SHARE)))
  let noise = meanOf(quietest)
  for (let turn = 0; turn < FLOOR_TURNS; turn += 1) {
    const limit = Math.max(noise, DIGITAL_SILENCE) * 10 ** (SPEECH_DB / 10)
    const end = sorted.findIndex((power) => power > limit)
    const next = meanOf(sorted.subarray(0, end === -1 ? sorted.length : Math.max(1, end)))
    if (next === noise) break
    noise = next
  }
  return noise
}

/** Pauses that are shorter than the hangover belong to the speech around them; a lone loud frame is a click. */
function bridged(loud: readonly boolean[]): boolean[] {
  const speech = [...loud]
  let last = -1
  for (const [frame, isLoud] of loud.entries()) {
    if (!isLoud) continue
    if (last >= 0 && frame - last <= HANGOVER_FRAMES) speech.fill(true, last, frame)
    last = frame
  }
  return speech.map(
    (isOn, frame) => isOn && (speech[frame - 1] === true || speech[frame + 1] === true),
  )
}

function meanOf(powers: Float64Array): number {
  return powers.length === 0 ? 0 : powers.reduce((sum, power) => sum + power, 0) / powers.length
}
