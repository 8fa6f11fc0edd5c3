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
  policy: z.string(),
  facts: z.string(),
  intent: z.string(),
  answer: z.string(),
})
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
    const parsed = z.array(z.unknown()).parse(packs).map(parsePack)
    if (hashPacks(parsed) === hash) policies.set(hash, compilePolicy(parsed, hash))
    else problems.push(`the packs under ${hash.slice(0, 12)} are not the ones that decided`)
  }
  return { policies, problems }
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
      problems.push(`decision ${leaf.decision}: ${name} differ from what was committed to`)
    }
  }
  const policy = policies.get(leaf.policy)
  if (policy === undefined) return [...problems, `decision ${leaf.decision}: its packs are missing`]
  const facts = factsSchema.parse(JSON.parse(payload.facts))
  const intent = intentSchema.parse(JSON.parse(payload.intent))
  if (JSON.stringify(decide(policy, facts, intent)) !== payload.answer) {
    problems.push(`decision ${leaf.decision}: deciding again gives another answer`)
  }
  return problems
}
