import { isAbsolute } from 'node:path'
import { z } from 'zod'
import { EIGHT_DIGITS } from './tracking.ts'

/** Settings of a letter account: a folder that a print house empties. */
export const letterSettings = z.strictObject({
  /** Letters are laid into `out/`; what became of them comes back in `in/`. */
  folder: z.string().refine(isAbsolute, 'expected an absolute path'),
  /** Who writes, above the window of the envelope. */
  sender: z.strictObject({ name: z.string().min(1), address: z.string().min(1) }),
  /** PNG or JPEG of the seal; null for letters without one. */
  seal: z.string().refine(isAbsolute, 'expected an absolute path').nullable().default(null),
  /** The range of registered items that the post gave out; null for ordinary letters. */
  tracking: z
    .strictObject({
      prefix: z.string().regex(/^[A-Z]{2}$/, 'expected two letters such as RA'),
      country: z.string().regex(/^[A-Z]{2}$/, 'expected a country such as CN'),
      from: z.int().min(0).max(EIGHT_DIGITS),
      to: z.int().min(0).max(EIGHT_DIGITS),
    })
    .refine(({ from, to }) => from <= to, { path: ['to'], error: 'lies before the first number' })
    .nullable()
    .default(null),
  /** Nobody posts what lies in the folder: made-up people may be written to. */
  rehearsal: z.boolean().default(false),
  /** Letters under way at one time. */
  window: z.int().min(1).max(500).default(50),
})
export type LetterSettings = z.infer<typeof letterSettings>
