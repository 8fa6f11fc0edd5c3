import { z } from 'zod'

// Answers of the HTTP API. Names and numbers of people come masked.

const count = z.int().nonnegative()
const text = z.strictObject({ zh: z.string(), en: z.string() })

export const caseResponse = z.object({
  id: z.string(),
  borrowerNo: z.string(),
  /** Masked: a full name needs a role and a reason. */
  name: z.string(),
  portfolio: z.string(),
  currency: z.string(),
  state: z.string(),
  stage: z.string().nullable(),
  dpd: z.int(),
  arrearsMinor: z.int(),
  nextDueOn: z.string().nullable(),
  nextDueMinor: z.int(),
  openedOn: z.string(),
  closedOn: z.string().nullable(),
  closeReason: z.string().nullable(),
  nextStep: z.string().nullable(),
  nextStepOn: z.string().nullable(),
})
export type CaseResponse = z.infer<typeof caseResponse>
export const casePage = z.object({
  items: z.array(caseResponse),
  nextCursor: z.string().nullable(),
})
export const worklistResponse = z.object({ items: z.array(caseResponse) })

export const timelineResponse = z.object({
  items: z.array(
    z.object({ at: z.string(), event: z.string(), payload: z.record(z.string(), z.unknown()) }),
  ),
})

/** Why the gate does not permit, with its source. */
export const reasonResponse = z.object({
  rule: z.string(),
  title: text,
  cite: z.object({ instrument: z.string(), basis: z.string() }),
  severity: z.string(),
  /** What would clear it. */
  clears: z.string(),
  field: z.string().optional(),
  figures: z.object({ used: z.number(), of: z.number() }).optional(),
})
export const verdictResponse = z.object({
  verdict: z.enum(['permit', 'defer', 'refuse']),
  /** The earliest lawful moment, for a deferral. */
  until: z.string().nullable(),
  reasons: z.array(reasonResponse),
  advice: z.array(reasonResponse),
})
export type VerdictResponse = z.infer<typeof verdictResponse>
export const gateResponse = verdictResponse.extend({
  duties: z.array(z.object({ rule: z.string(), title: text })),
  counters: z.array(z.object({ rule: z.string(), used: z.number(), of: z.number() })),
})

const moment = z.object({ zone: z.string(), time: z.string() })
/** A decision told in full: what was asked, every rule considered, what would change the answer. */
export const explanationResponse = z.object({
  answer: gateResponse,
  /** The earliest lawful moment on the walls of the person's zones. */
  untilLocal: z.array(moment),
  asked: z.object({
    at: z.string(),
    local: z.array(moment),
    channel: z.string(),
    purpose: z.string(),
    direction: z.string(),
    relation: z.string().nullable(),
    actor: z.string(),
  }),
  considered: z.array(
    z.object({
      rule: z.string(),
      kind: z.string(),
      severity: z.string(),
      title: text,
      /** What the rule demands, in a sentence with its figures. */
      says: text,
      cite: z.object({ instrument: z.string(), basis: z.string(), note: z.string().optional() }),
      state: z.enum(['not-concerned', 'holds', 'lifted', 'broken']),
      clears: z.string(),
      figures: z.object({ used: z.number(), of: z.number() }).optional(),
    }),
  ),
  /** Each was tried by itself on the same gate. */
  changes: z.array(
    z.object({
      what: text,
      leadsTo: z.enum(['permit', 'defer', 'refuse', 'unknown']),
      until: z.string().nullable(),
    }),
  ),
  packs: z.array(z.string()),
})
/** The same for a decision that was made, from the facts and packs stored with it. */
export const decisionExplanationResponse = explanationResponse.extend({
  decision: z.object({
    id: z.string(),
    attemptId: z.string(),
    decidedAt: z.string(),
    policyHash: z.string(),
    /** Whether deciding again gives the stored answer, bit for bit. */
    isSame: z.boolean(),
  }),
})

export const permissionsResponse = z.object({
  caseId: z.string(),
  at: z.string(),
  items: z.array(
    z.object({
      channel: z.string(),
      contactPointId: z.string(),
      /** Masked. */
      point: z.string(),
      relation: z.string(),
      /** What would be sent; null on a channel without one. */
      template: z.string().nullable(),
      now: verdictResponse,
      /** When it may be made at the earliest: now, the end of a deferral, or null when nobody can say. */
      earliestAt: z.string().nullable(),
    }),
  ),
})

export const contactResponse = z.object({
  attemptId: z.string(),
  /** `planned`: the gate has not answered yet; what it says now stands in `answer`. */
  state: z.string(),
  answer: verdictResponse,
})
export const attemptResponse = z.object({
  id: z.string(),
  caseId: z.string().nullable(),
  channel: z.string(),
  direction: z.string(),
  state: z.string(),
  line: z.string().nullable(),
  dueAt: z.string().nullable(),
  at: z.string().nullable(),
  reason: z.string().nullable(),
  /** The gate's last word; null before it was asked. */
  decision: z
    .object({
      id: z.string(),
      verdict: z.enum(['permit', 'defer', 'refuse']),
      rules: z.array(z.string()),
      until: z.string().nullable(),
    })
    .nullable(),
})
export const outcomeResponse = z.object({ id: z.string(), effective: z.boolean() })
export const promiseResponse = z.object({ id: z.string(), state: z.literal('open') })
export const holdResponse = z.object({ id: z.string() })
export const endedResponse = z.object({ ended: z.literal(true) })
export const settledResponse = z.object({ settled: z.literal(true) })

export const unknownPage = z.object({
  items: z.array(
    z.object({
      attemptId: z.string(),
      caseId: z.string().nullable(),
      channel: z.string(),
      at: z.string(),
      permitId: z.string(),
      providerMessageId: z.string().nullable(),
      reason: z.string().nullable(),
      point: z.string().nullable(),
    }),
  ),
  total: count,
  nextCursor: z.string().nullable(),
})

export const ledgerEventResponse = z.object({
  loanId: z.string(),
  borrowerId: z.string(),
  eventNo: z.string(),
  /** False when the same event was known already. */
  recorded: z.boolean(),
  asOf: z.string(),
})

export const importResponse = z.object({
  id: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  read: count,
  created: count,
  changed: count,
  unchanged: count,
  rejected: count,
})
export const importReport = importResponse.extend({
  kind: z.string(),
  fileName: z.string(),
  asOf: z.string().nullable(),
  isDryRun: z.boolean(),
  error: z.string().nullable(),
  /** The first hundred. */
  rejects: z.array(
    z.object({
      line: z.int(),
      code: z.string(),
      column: z.string().nullable(),
      value: z.string().nullable(),
      reason: z.string(),
    }),
  ),
})

export const settingsResponse = z.object({
  newKeys: z.array(z.object({ name: z.string(), key: z.string() })),
})
export const healthResponse = z.object({ status: z.string(), version: z.string() })
export const readyResponse = z.object({ status: z.string() })
export const callbackResponse = z.object({ status: z.enum(['taken', 'known']) })

export const webhooksResponse = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      events: z.array(z.string()),
      /** False when the settings say so, and when it was given up after a long failure. */
      isEnabled: z.boolean(),
      disabledReason: z.string().nullable(),
      failingSince: z.string().nullable(),
      waiting: count,
      /** Tried ten times in vain; a replay sends them again. */
      givenUp: count,
      lastError: z.string().nullable(),
    }),
  ),
})
export const replayResponse = z.object({ queued: count })
