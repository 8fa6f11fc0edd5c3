import { z } from 'zod'

/** `GET /portal-api/owed`. */
export type PortalKey = `${'GET' | 'POST'} /portal-api/${string}`

/**
 * One address of the borrower's portal. The server serves it from this value; the browser calls it by its key
 * and takes the types alone.
 */
export type PortalEndpoint<
  Key extends PortalKey = PortalKey,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> = {
  readonly key: Key
  readonly query: typeof noQuery
  readonly body: Body
  readonly answer: Answer
}

const noQuery = z.strictObject({})
const nothing = z.undefined()

export function reads<Key extends PortalKey, Answer extends z.ZodType>(
  key: Key,
  answer: Answer,
): PortalEndpoint<Key, typeof nothing, Answer> {
  return { key, query: noQuery, body: nothing, answer }
}

export function acts<Key extends PortalKey, Body extends z.ZodType, Answer extends z.ZodType>(
  key: Key,
  shape: { body: Body; answer: Answer },
): PortalEndpoint<Key, Body, Answer> {
  return { key, query: noQuery, ...shape }
}

export const done = z.strictObject({ done: z.literal(true) })
export const nothingGiven = z.strictObject({})
export const id = z.string().regex(/^\d{1,18}$/, 'expected an id')
export const minor = z.int().min(0)
/** What a person writes in their own words. */
export const words = z.string().trim().min(1).max(2000)
