import { z } from 'zod'
import {
  placementRequest,
  placementResponse,
  placementsResponse,
  recallRequest,
} from '../assignment.ts'
import { changes, noQuery, reads } from './endpoint.ts'

// Batches of cases that outside agencies work.

export const listPlacementsPage = reads('GET /console-api/placements', 'case.deal', {
  query: noQuery,
  answer: z.strictObject({
    items: z.array(placementsResponse.shape.items.element.extend({ currency: z.string() })),
    /** `isListed`: on the published list; nobody else is given cases. */
    agencies: z.array(z.strictObject({ name: z.string(), isListed: z.boolean() })),
    portfolios: z.array(z.strictObject({ name: z.string(), stages: z.array(z.string()) })),
  }),
})
export type PlacementItem = z.infer<typeof listPlacementsPage.answer>['items'][number]

export const placeBatch = changes('POST /console-api/placements', 'case.deal', {
  body: placementRequest.omit({ caseIds: true }),
  answer: placementResponse,
})

export const recallBatch = changes(
  'POST /console-api/placements/:placementId/recall',
  'case.deal',
  {
    body: recallRequest,
    answer: z.strictObject({ cases: z.int() }),
  },
)

export const PLACEMENT_ENDPOINTS = [listPlacementsPage, placeBatch, recallBatch] as const
