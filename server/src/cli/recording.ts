import { readFileSync } from 'node:fs'
import {
  type RecordingQuality,
  rateRecording,
  type SideQuality,
} from '../channels/voice/rate-recording.ts'
import { readRecording } from '../channels/voice/read-recording.ts'
import { EXIT, type Io } from './io.ts'

/**
 * `dunlin recording rate FILE…`: what was heard in each call. Returns 0, 1 when one raises an alarm, 2 when one
 * cannot be read; the others are rated all the same.
 */
export function runRateRecordings(
  files: readonly string[],
  { json, io }: { readonly json: boolean; readonly io: Io },
): number {
  const ends = files.map((file) => rateFile(file, { json, io }))
  return Math.max(EXIT.ok, ...ends)
}

function rateFile(file: string, { json, io }: { json: boolean; io: Io }): number {
  try {
    const rated = rateRecording(readRecording(readFileSync(file)))
    for (const line of json ? [JSON.stringify({ file, ...rated })] : inWords(file, rated))
      io.out(line)
    return rated.alarms.length > 0 ? EXIT.problems : EXIT.ok
  } catch (error) {
    io.error(`${file}: ${error instanceof Error ? error.message : String(error)}`)
    return EXIT.usage
  }
}

function inWords(file: string, rated: RecordingQuality): string[] {
  const { seconds, silence, longestSilenceSeconds, talkOver, talkRatio, alarms } = rated
  return [
    `${file}: ${seconds.toFixed(1)} s`,
    `  agent     ${sideInWords(rated.agent)}`,
    `  borrower  ${sideInWords(rated.borrower)}`,
    `  silence ${percent(silence)}, longest ${longestSilenceSeconds.toFixed(1)} s; both speak ${percent(talkOver)}; the agent speaks ${talkRatio === null ? '–' : percent(talkRatio)} of all speech`,
    `  ${alarms.length === 0 ? 'nothing to look at' : `look at: ${alarms.join(', ')}`}`,
  ]
}

function sideInWords({ snrDb, speechDb, clipped, speechSeconds }: SideQuality): string {
  if (snrDb === null || speechDb === null) return 'not heard'
  const noise = Number.isFinite(snrDb) ? `${snrDb.toFixed(1)} dB over the noise` : 'without noise'
  return `${speechSeconds.toFixed(1)} s of speech at ${speechDb.toFixed(1)} dB, ${noise}, ${percent(clipped)} clipped`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
