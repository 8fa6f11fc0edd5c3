import { z } from 'zod'
import {
  accessResponse,
  erasureDecisionRequest,
  erasureDecisionResponse,
  erasureQuery,
  erasureResponse,
  erasuresResponse,
} from '../compliance.ts'
import { localDate } from '../requests.ts'
import { changes, reads } from './endpoint.ts'

// Personal data: who looked at it, and wishes to delete it.

/** What in the audit trail is a look at somebody's data by a person of the house. */
export const LOOK_ACTIONS = [
  'person.unmasked',
  'case.opened_without_identity',
  'conversation.read',
  'case-file',
  'evidence.exported',
] as const

/** How often each person looked at what in a period of local days in Shanghai, most often first. */
export const listLooks = reads('GET /console-api/personal-data/looks', 'compliance.read', {
  query: z.strictObject({
    /** Absent: the thirty days that end today. */
    from: localDate.optional(),
    to: localDate.optional(),
    actor: z.string().trim().min(1).max(200).optional(),
  }),
  answer: z.strictObject({
    from: z.string(),
    to: z.string(),
    items: accessResponse.shape.items,
  }),
})

/** What stands in the way of a deletion today. */
export const ERASURE_OBSTACLES = ['still_owed', 'case_open', 'matter_open', 'retention'] as const

const wish = erasuresResponse.shape.items.element.extend({
  because: z.enum(ERASURE_OBSTACLES).nullable(),
  /** Whether the one who looks asked for it: another person decides. */
  isMine: z.boolean(),
})

export const listErasureQueue = reads(
  'GET /console-api/personal-data/erasures',
  'compliance.read',
  {
    query: erasureQuery.extend({ limit: erasureQuery.shape.limit.default(200) }),
    answer: z.strictObject({ items: z.array(wish) }),
  },
)

const at = 'POST /console-api/personal-data/erasures'
export const askErasure = changes(at, 'compliance.act', {
  body: z.strictObject({ borrowerNo: z.string().trim().min(1).max(100) }),
  answer: erasureResponse,
})
export const decideErasureRequest = changes(`${at}/:erasureId/decision`, 'compliance.act', {
  body: erasureDecisionRequest,
  answer: erasureDecisionResponse,
})

export const PERSONAL_DATA_ENDPOINTS = [
  listLooks,
  listErasureQueue,
  askErasure,
  decideErasureRequest,
] as const
