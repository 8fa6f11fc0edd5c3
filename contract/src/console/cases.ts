import { z } from 'zod'
import { reads } from './endpoint.ts'

export const CASE_SORTS = ['arrears', 'dpd', 'opened', 'next-step'] as const

/** Filters of the list of cases: each stands in the address bar of the page under the same name. */
export const caseFilter = z.strictObject({
  state: z.enum(['open', 'closed']).default('open'),
  stage: z.string().max(60).optional(),
  portfolio: z.string().max(100).optional(),
  /** A borrower’s or loan’s number, or a whole phone number or email address. */
  search: z.string().trim().max(100).optional(),
  sort: z.enum(CASE_SORTS).default('arrears'),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
})

export const caseItem = z.strictObject({
  id: z.string(),
  borrowerNo: z.string(),
  /** Masked. */
  name: z.string(),
  portfolio: z.string(),
  currency: z.string(),
  state: z.string(),
  stage: z.string().nullable(),
  dpd: z.int(),
  /** Null for an agent: a debt fact is shown at the desk, once the identity is known. */
  arrearsMinor: z.int().nullable(),
  openedOn: z.string(),
  nextStep: z.string().nullable(),
  nextStepOn: z.string().nullable(),
})
export type CaseItem = z.infer<typeof caseItem>

export const listCases = reads('GET /console-api/cases', 'case.read', {
  query: caseFilter,
  answer: z.strictObject({ items: z.array(caseItem), nextCursor: z.string().nullable() }),
})

export const listFacets = reads('GET /console-api/cases/facets', 'case.read', {
  query: z.strictObject({}),
  answer: z.strictObject({
    portfolios: z.array(z.string()),
    stages: z.array(z.string()),
  }),
})
