import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Case, factsSchema, intentSchema, vectorSchema } from '@dunlin/policy'

const VECTORS = join(import.meta.dirname, '../../../vectors')

/** The cases of the vectors: each is about some rule, so that most differences are shown by one of them. */
export function* shippedCases(): Iterable<Case> {
  if (!existsSync(VECTORS)) return
  for (const file of readdirSync(VECTORS).filter((each) => each.startsWith('policy-'))) {
    for (const line of readFileSync(join(VECTORS, file), 'utf8').trimEnd().split('\n')) {
      const { facts, intent } = vectorSchema.parse(JSON.parse(line))
      const read = { facts: factsSchema.safeParse(facts), intent: intentSchema.safeParse(intent) }
      if (read.facts.success && read.intent.success)
        yield { facts: read.facts.data, intent: read.intent.data }
    }
  }
}
