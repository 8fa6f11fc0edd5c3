import { CHANNELS } from '@dunlin/policy'
import { z } from 'zod'
import { VERDICTS } from './compliance.ts'
import { noQuery, reads } from './endpoint.ts'

// Sets of rules side by side: what decided so far, what ships, and what differs between two of them.

const text = z.strictObject({ zh: z.string(), en: z.string() })

const policyItem = z.strictObject({
  /** What to compare it by: the hash of a set that decided, or packs of ours joined by a plus sign. */
  name: z.string(),
  packs: z.array(z.strictObject({ id: z.string(), version: z.string() })),
  /** Null: it never decided here. */
  firstUsedAt: z.string().nullable(),
  /** Portfolios that are worked under these packs as they ship now. */
  portfolios: z.array(z.string()),
})
export type PolicyItem = z.infer<typeof policyItem>

/** Sets that decided here, the latest first, then those that ship. */
export const listPolicies = reads('GET /console-api/policies', 'compliance.read', {
  query: noQuery,
  answer: z.strictObject({ items: z.array(policyItem) }),
})

const side = z.strictObject({ says: text, severity: z.string() }).nullable()
const answer = z.strictObject({ verdict: z.enum(VERDICTS), until: z.string().nullable() })

const name = z.string().regex(/^([0-9a-f]{64}|[a-z][a-z0-9+-]{0,200})$/, 'a hash, or packs')
export const diffPoliciesRequest = reads('GET /console-api/policies/diff', 'compliance.read', {
  query: z.strictObject({ first: name, second: name }),
  answer: z.strictObject({
    items: z.array(
      z.strictObject({
        rule: z.string(),
        title: text,
        side: z.enum(['only-first', 'only-second', 'changed']),
        first: side,
        second: side,
        /** A contact that the two answer differently; null: none was found. */
        witness: z
          .strictObject({
            at: z.string(),
            channel: z.enum(CHANNELS),
            purpose: z.string(),
            relation: z.string().nullable(),
            first: answer,
            second: answer,
            /** The whole case, as the gate takes it. */
            intent: z.unknown(),
            facts: z.unknown(),
          })
          .nullable(),
      }),
    ),
  }),
})

export const POLICY_ENDPOINTS = [listPolicies, diffPoliciesRequest] as const
