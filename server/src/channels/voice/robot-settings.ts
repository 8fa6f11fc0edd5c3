import { z } from 'zod'
import { eslSettings } from './esl-settings.ts'

const word = z.string().regex(/^[\w.:/-]{1,64}$/, 'expected letters, digits and . : / -')

/** Settings of a FreeSWITCH that makes robot calls. Its secret is `{ password }`. */
export const robotSettings = z.strictObject({
  ...eslSettings.shape,
  /** The sofia gateway of the trunk. */
  gateway: z.string().regex(/^[\w.-]{1,64}$/, 'expected the name of a gateway'),
  /** Shown to whoever is called; a number of the lender's that can be called back. */
  callerNumber: z.string().regex(/^\+?\d{3,20}$/, 'expected digits'),
  ringSeconds: z.int().min(5).max(60).default(25),
  /** Calls at one time. */
  lines: z.int().min(1).max(1_000).default(10),
  /** The switch ends a call after so long, whatever became of us. */
  talkSecondsMax: z.int().min(30).max(600).default(240),
  tts: z.strictObject({ engine: word, voices: z.record(z.string(), word) }),
  /** Absent: keys are all that is taken. */
  asr: z.strictObject({ engine: word, grammar: word }).nullable().default(null),
  /** The extension of people who can take over; null: a person calls back. */
  transferTo: word.nullable().default(null),
})

export type RobotSettings = z.infer<typeof robotSettings>
