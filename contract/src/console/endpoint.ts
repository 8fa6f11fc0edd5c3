import { z } from 'zod'
import type { Capability } from './roles.ts'

/** `GET /console-api/cases/:caseId`. */
export type EndpointKey = `${'GET' | 'POST' | 'PUT' | 'DELETE'} /console-api/${string}`

/**
 * One address of the console: what it needs, takes and answers. The server serves it from this value, the
 * browser calls it by its key and takes the types alone, so that no schema travels to the browser.
 */
export type Endpoint<
  Key extends EndpointKey = EndpointKey,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> = {
  readonly key: Key
  /** Null: whoever is signed in. */
  readonly needs: Capability | null
  readonly query: Query
  readonly body: Body
  readonly answer: Answer
}

const nothing = z.undefined()
type Nothing = typeof nothing

export function reads<Key extends EndpointKey, Query extends z.ZodType, Answer extends z.ZodType>(
  key: Key,
  needs: Capability | null,
  shape: { query: Query; answer: Answer },
): Endpoint<Key, Query, Nothing, Answer> {
  return { key, needs, body: nothing, ...shape }
}

export function changes<Key extends EndpointKey, Body extends z.ZodType, Answer extends z.ZodType>(
  key: Key,
  needs: Capability | null,
  shape: { body: Body; answer: Answer },
): Endpoint<Key, typeof noQuery, Body, Answer> {
  return { key, needs, query: noQuery, ...shape }
}

/** An address that takes no query. */
export const noQuery = z.strictObject({})
export const done = z.strictObject({ done: z.literal(true) })
