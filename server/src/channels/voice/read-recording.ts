import wavefile from 'wavefile'
import { z } from 'zod'
import type { Recording } from './rate-recording.ts'

/** Two hours in stereo at 16 kHz and 16 bits. */
const BYTES_MAX = 500_000_000
const BIT_DEPTH = '32f'
const format = z.object({ numChannels: z.int(), sampleRate: z.int() })
const channels = z.tuple([z.instanceof(Float64Array), z.instanceof(Float64Array)])

/**
 * A stereo WAV (PCM, A-law or µ-law) with the agent on the left, as both switches record a bridged call.
 * Throws with what was expected instead.
 */
export function readRecording(bytes: Uint8Array): Recording {
  if (bytes.length > BYTES_MAX) throw new Error(`a recording has at most ${BYTES_MAX} bytes`)
  const file = open(bytes)
  const { numChannels, sampleRate } = format.parse(file.fmt)
  if (numChannels !== 2)
    throw new Error(`it has ${numChannels} channel, expected 2: record the two sides apart`)
  if (file.bitDepth === '8a') file.fromALaw()
  if (file.bitDepth === '8m') file.fromMuLaw()
  if (file.bitDepth !== BIT_DEPTH) file.toBitDepth(BIT_DEPTH)
  const [agent, borrower] = channels.parse(file.getSamples(false, Float64Array))
  return { sampleRate, agent, borrower }
}

function open(bytes: Uint8Array): wavefile.WaveFile {
  try {
    return new wavefile.WaveFile(bytes)
  } catch (error) {
    throw new Error('it is no WAV file that can be read', { cause: error })
  }
}
