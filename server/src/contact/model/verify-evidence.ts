import { createHash } from 'node:crypto'
import {
  compilePolicy,
  decide,
  factsSchema,
  intentSchema,
  type Policy,
  parsePack,
} from '@dunlin/policy'
import { z } from 'zod'
import { commitment } from './decide-attempt.ts'

const leafSchema = z.object({
  decision: z.string(),
  borrower: z.string(),
  policy: z.string(),
  facts: z.string(),
  intent: z.string(),
  answer: z.string(),
})
const columnsSchema = leafSchema
  .pick({ decision: true, borrower: true, policy: true })
  .extend({ attempt: z.string(), case: z.string().nullable(), verdict: z.string() })
  .extend({ rules: z.array(z.string()) })
/** What is kept beside a leaf in columns: lists, counts and caps read them, so they must say the same. */
export type DecisionColumns = z.infer<typeof columnsSchema>
export const payloadSchema = z.object({
  salt: z.string(),
  facts: z.string(),
  intent: z.string(),
  answer: z.string(),
})
export type Payload = z.infer<typeof payloadSchema>

/** The payload from the four lines in which `makeLeaf` keeps it. */
export function readPayload(text: string): Payload {
  const [salt, facts, intent, answer] = text.split('\n')
  return payloadSchema.parse({ salt, facts, intent, answer })
}

/** Policies by the hash of their packs, compiled from what an export carries. */
export function compileExported(versions: readonly { hash: string; packs: unknown }[]): {
  policies: ReadonlyMap<string, Policy>
  problems: string[]
} {
  const policies = new Map<string, Policy>()
  const problems: string[] = []
  for (const { hash, packs } of versions) {
    const parsed = readPacks(packs)
    if (parsed !== null && hashPacks(parsed) === hash)
      policies.set(hash, compilePolicy(parsed, hash))
    else problems.push(`the packs under ${hash.slice(0, 12)} are not the ones that decided`)
  }
  return { policies, problems }
}

/** Null when they are no packs any more. */
function readPacks(packs: unknown): ReturnType<typeof parsePack>[] | null {
  try {
    return z.array(z.unknown()).parse(packs).map(parsePack)
  } catch {
    return null
  }
}

/** Same as the server's own name for a set of packs: SHA-256 over JSON with sorted keys. */
function hashPacks(packs: readonly unknown[]): string {
  const text = JSON.stringify(packs, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )
  return createHash('sha256').update(text).digest('hex')
}

/** A decision as people find it: by its borrower and its number. */
export function nameOf({ borrower, decision }: { borrower: string; decision: string }): string {
  return `decision ${borrower}-${decision}`
}

/** Which columns of a row say something else than its leaf. The problems; none when they agree. */
export function checkColumns(leafText: string, columns: DecisionColumns): string[] {
  const leaf = columnsSchema.parse(JSON.parse(leafText))
  return (['decision', 'borrower', 'attempt', 'case', 'verdict', 'rules', 'policy'] as const)
    .filter((name) => JSON.stringify(leaf[name]) !== JSON.stringify(columns[name]))
    .map((name) => `${nameOf(columns)}: ${name} of the row is not that of its leaf`)
}

/**
 * Decides once more what a leaf says was decided: its commitments must fit the payload, and the same
 * facts under the same packs must give the same answer, bit for bit. The problems; none when it holds.
 */
export function checkDecision(
  leafText: string,
  payload: Payload | 'payload erased',
  policies: ReadonlyMap<string, Policy>,
): string[] {
  const leaf = leafSchema.parse(JSON.parse(leafText))
  if (payload === 'payload erased') return []
  const { salt } = payload
  const problems: string[] = []
  for (const name of ['facts', 'intent', 'answer'] as const) {
    if (commitment(salt, name, payload[name]) !== leaf[name]) {
      problems.push(`${nameOf(leaf)}: ${name} differ from what was committed to`)
    }
  }
  const policy = policies.get(leaf.policy)
  if (policy === undefined) return [...problems, `${nameOf(leaf)}: its packs are missing`]
  const facts = factsSchema.parse(JSON.parse(payload.facts))
  const intent = intentSchema.parse(JSON.parse(payload.intent))
  if (JSON.stringify(decide(policy, facts, intent)) !== payload.answer) {
    problems.push(`${nameOf(leaf)}: deciding again gives another answer`)
  }
  return problems
}
