import { z } from 'zod'
import {
  CHANNELS,
  CONSENT_KINDS,
  CONTENT_KINDS,
  HEALTHS,
  HOLD_KINDS,
  LINES,
  PLACES,
  POINT_KINDS,
  PURPOSES,
  RELATIONS,
  ROLES,
  SOURCES,
  VIAS,
  WEEKDAYS,
} from './vocabulary.ts'

// The form of facts, intents and vectors: one vocabulary for vectors, the API and the server.
// Instants are RFC 3339 with offset, dates YYYY-MM-DD; what an absent field means is fixed in prepare.ts.

const actor = z.object({
  kind: z.enum(['agent', 'robot']),
  id: z.string().optional(),
  agency: z.string().optional(),
  certified: z.boolean().optional(),
  trainedAt: z.string().optional(),
  listed: z.boolean().optional(),
  persons: z.number().int().optional(),
  device: z.enum(['company', 'private']).optional(),
})
export type Actor = z.infer<typeof actor>

const party = z.object({
  id: z.string(),
  relation: z.enum(RELATIONS),
  zones: z.array(z.string()).optional(),
  name: z.string().optional(),
})
export type Party = z.infer<typeof party>

const point = z.object({
  id: z.string(),
  party: z.string(),
  kind: z.enum(POINT_KINDS),
  work: z.boolean().optional(),
  place: z.enum(PLACES).optional(),
  health: z.enum(HEALTHS).optional(),
  source: z.enum(SOURCES).optional(),
  employerForbids: z.boolean().optional(),
})
export type Point = z.infer<typeof point>

const debt = z.object({
  id: z.string(),
  product: z.string().optional(),
  timeBarred: z.boolean().optional(),
  validationSentAt: z.string().optional(),
  validationDisputed: z.boolean().optional(),
  jointWith: z.array(z.string()).optional(),
  accountNumber: z.string().optional(),
  dueSince: z.string().optional(),
  noticeSentAt: z.string().optional(),
})
export type Debt = z.infer<typeof debt>

const consent = z.object({
  kind: z.enum(CONSENT_KINDS),
  party: z.string().optional(),
  channel: z.enum(CHANNELS).optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  hours: z.array(z.string()).optional(),
  tainted: z.boolean().optional(),
  givenTo: z.enum(['collector', 'creditor', 'prior-collector']).optional(),
})
export type Consent = z.infer<typeof consent>

const hold = z.object({
  kind: z.enum(HOLD_KINDS),
  from: z.string(),
  to: z.string().optional(),
  scope: z
    .object({
      party: z.string().optional(),
      channel: z.enum(CHANNELS).optional(),
      point: z.string().optional(),
      debts: z.array(z.string()).optional(),
      hours: z.array(z.string()).optional(),
      days: z.array(z.enum(WEEKDAYS)).optional(),
      place: z.enum(PLACES).optional(),
    })
    .optional(),
})
export type Hold = z.infer<typeof hold>

const historyEvent = z.object({
  at: z.string(),
  channel: z.enum(CHANNELS),
  direction: z.enum(['outbound', 'inbound', 'reply']).optional(),
  party: z.string().optional(),
  point: z.string().optional(),
  debts: z.array(z.string()).optional(),
  line: z.enum(LINES).optional(),
  effective: z.boolean().optional(),
  actor: actor.optional(),
  via: z.enum(VIAS).optional(),
})
export type HistoryEvent = z.infer<typeof historyEvent>

export const factsSchema = z.object({
  borrower: z.object({
    country: z.string().optional(),
    region: z.string().optional(),
    zones: z.array(z.string()).optional(),
    birthDate: z.string().optional(),
    unreachableSince: z.string().optional(),
    capacity: z.enum(['full', 'limited', 'none']).optional(),
    status: z.enum(['alive', 'deceased']).optional(),
    holidays: z.array(z.string()).optional(),
  }),
  collector: z.object({ role: z.enum(ROLES).optional() }).optional(),
  parties: z.array(party).default([]),
  points: z.array(point).default([]),
  debts: z.array(debt).default([]),
  consents: z.array(consent).default([]),
  holds: z.array(hold).default([]),
  history: z.array(historyEvent).default([]),
})
/** What is known about the borrower, the people around, the debts and what happened so far. */
export type Facts = z.infer<typeof factsSchema>

export const intentSchema = z.object({
  at: z.string(),
  channel: z.enum(CHANNELS),
  purpose: z.enum(PURPOSES).optional(),
  party: z.string().optional(),
  point: z.string().optional(),
  debts: z.array(z.string()).optional(),
  direction: z.enum(['outbound', 'reply']).optional(),
  actor: actor.optional(),
  via: z.enum(VIAS).optional(),
  audience: z
    .object({ borrowers: z.number().int().optional(), others: z.number().int().optional() })
    .optional(),
  provider: z.object({ collectionContent: z.boolean().optional() }).optional(),
  place: z.enum(PLACES).optional(),
  identity: z.enum(['verified', 'unverified']).optional(),
  content: z
    .object({
      text: z.string().optional(),
      language: z.string().optional(),
      kind: z.enum(CONTENT_KINDS).optional(),
    })
    .optional(),
})
/** The contact somebody wants to make. */
export type Intent = z.infer<typeof intentSchema>

export const vectorSchema = z.object({
  id: z.string(),
  policy: z.array(z.string()).min(1),
  facts: z.unknown(),
  intent: z.unknown(),
  expect: z.object({
    verdict: z.enum(['permit', 'defer', 'refuse']),
    rules: z.array(z.string()).default([]),
    until: z.string().optional(),
  }),
})
/** One case of executable law: facts and intent → verdict, rules, until. */
export type Vector = z.infer<typeof vectorSchema>
