import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

/** What a message is about, as far as a provider's terms ask. Demands, notices and reminders are collection. */
export const CONTENTS = ['collection', 'service', 'code'] as const
export type Content = (typeof CONTENTS)[number]

const origin = {
  source: z.string(),
  asOf: z.iso.date(),
  sure: z.enum(['official', 'second-hand', 'unconfirmed']),
}
const terms = z.strictObject({
  content: z.array(z.enum(CONTENTS)),
  /** Where it says that less than everything is allowed. */
  contentSource: z.strictObject(origin).optional(),
  limits: z.array(
    z.strictObject({ name: z.string(), value: z.number(), unit: z.string(), ...origin }),
  ),
})
export type ProviderTerms = z.infer<typeof terms>

const FILE = join(import.meta.dirname, 'limits.yaml')
const known: ReadonlyMap<string, ProviderTerms> = new Map(
  Object.entries(z.record(z.string(), terms).parse(parse(readFileSync(FILE, 'utf8')))),
)

/** The terms of an adapter; one that the file does not know may carry nothing. */
export function termsOf(adapter: string): ProviderTerms {
  return known.get(adapter) ?? { content: [], limits: [] }
}
