import { z } from 'zod'
import { changes, done, noQuery, reads } from './endpoint.ts'
import { capabilitySchema, roleSchema } from './role-schemas.ts'

// Who is signed in, and the clock that everything on the screen goes by.

export const readMe = reads('GET /console-api/me', null, {
  query: noQuery,
  answer: z.strictObject({
    name: z.string(),
    email: z.string(),
    roles: z.array(roleSchema),
    capabilities: z.array(capabilitySchema),
    team: z.string().nullable(),
    agency: z.string().nullable(),
    language: z.enum(['zh-CN', 'en']),
    hasTwoFactor: z.boolean(),
    /** Of this browser, to tell it from others in the list of sessions. */
    sessionId: z.string(),
    isDemo: z.boolean(),
    /** The product's clock now, and how fast it runs: 1, or faster in a demo. */
    clock: z.strictObject({ now: z.string(), rate: z.number() }),
  }),
})

export const changeLanguage = changes('PUT /console-api/me/language', null, {
  body: z.strictObject({ language: z.enum(['zh-CN', 'en']) }),
  answer: done,
})
