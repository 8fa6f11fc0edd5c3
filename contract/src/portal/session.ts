import { z } from 'zod'
import { acts, done, id, nothingGiven, reads } from './endpoint.ts'

// How a borrower comes in: a signed link, and a code sent to a contact point that is theirs already.

const token = z.string().max(400)

/** What a link leads to, before anything is proven: whose page it is, and where a code may go. */
export const openLink = acts('POST /portal-api/session/link', {
  body: z.strictObject({ token }),
  answer: z.strictObject({
    lender: z.string(),
    contactLine: z.string(),
    points: z.array(
      z.strictObject({ id: z.string(), kind: z.enum(['phone', 'email']), masked: z.string() }),
    ),
    isDemo: z.boolean(),
  }),
})

export const sendCode = acts('POST /portal-api/session/code', {
  body: z.strictObject({ token, pointId: id }),
  answer: z.strictObject({ minutes: z.int() }),
})

export const enter = acts('POST /portal-api/session/enter', {
  body: z.strictObject({ token, code: z.string().max(20) }),
  answer: done,
})

export const leave = acts('POST /portal-api/session/leave', { body: nothingGiven, answer: done })

export const readMe = reads(
  'GET /portal-api/me',
  z.strictObject({
    name: z.string(),
    lender: z.string(),
    contactLine: z.string(),
    complaintLine: z.string(),
    isDemo: z.boolean(),
    today: z.string(),
  }),
)

/** In a demo only: the last code that was sent, since nobody holds the made-up phone. */
export const demoCode = acts('POST /portal-api/demo/code', {
  body: z.strictObject({ token }),
  answer: z.strictObject({ code: z.string().nullable() }),
})

/** Whether a number, address or letter is really ours; nothing about anybody. */
export const verify = acts('POST /portal-api/verify', {
  body: z.strictObject({ value: z.string().trim().min(1).max(200) }),
  answer: z.strictObject({
    isOurs: z.boolean(),
    kind: z.enum(['phone', 'email', 'sender', 'letter']).nullable(),
    lender: z.string().nullable(),
    contactLine: z.string().nullable(),
    complaintLine: z.string().nullable(),
  }),
})
