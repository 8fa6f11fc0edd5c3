import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const FILE = join(import.meta.dirname, '../../../../strategies/scripts/cn-call.yaml')

const key = z.string().regex(/^[a-z0-9-]{1,40}$/)
const both = z.strictObject({ zh: z.string(), en: z.string() })
const line = z.strictObject({
  key,
  must: z.boolean(),
  after: z.literal('identity').optional(),
  zh: z.string(),
  en: z.string(),
})
const file = z.strictObject({
  scripts: z
    .array(
      z.strictObject({ id: key, stages: z.array(z.string()), title: both, lines: z.array(line) }),
    )
    .min(1),
  replies: z.array(z.strictObject({ id: key, title: both, zh: z.string(), en: z.string() })),
})

export type Script = z.infer<typeof file>['scripts'][number]
export type ReadyReply = z.infer<typeof file>['replies'][number]

/** What agents say and answer, read once; a fault in the file stops the start. */
export const { scripts: SCRIPTS, replies: REPLIES } = file.parse(parse(readFileSync(FILE, 'utf8')))

/** The script of a stage; what no script names is late. */
export function scriptOf(stage: string | null): Script {
  const own = SCRIPTS.find(({ stages }) => stage !== null && stages.includes(stage))
  const last = SCRIPTS.at(-1)
  if (last === undefined) throw new Error('there is no script')
  return own ?? last
}

/** Puts words into a line; a name that is not given stays as it is, for everybody to see. */
export function fillIn(text: string, words: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => words[name] ?? whole)
}
