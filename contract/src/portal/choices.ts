import { z } from 'zod'
import { acts, done, id, nothingGiven, reads, words } from './endpoint.ts'

// What a borrower asks of us: help, an answer, to be left alone, their own data.

export const raiseMatter = acts('POST /portal-api/matters', {
  body: z.strictObject({
    kind: z.enum([
      'hardship',
      'dispute',
      'complaint',
      'bereavement',
      'third-party-stop',
      'breathing-space',
    ]),
    text: words,
    loanNo: z.string().max(100).nullable(),
  }),
  answer: z.strictObject({ id: z.string(), dueOn: z.string() }),
})

export const readMatters = reads(
  'GET /portal-api/matters',
  z.strictObject({
    matters: z.array(
      z.strictObject({
        id: z.string(),
        kind: z.string(),
        state: z.string(),
        receivedOn: z.string(),
        dueOn: z.string(),
        outcome: z.string().nullable(),
        appealUntilOn: z.string().nullable(),
        text: z.string(),
        reasons: z.string().nullable(),
      }),
    ),
  }),
)

const PORTAL_CHANNELS = ['sms', 'email', 'call', 'wecom'] as const

export const readChoices = reads(
  'GET /portal-api/choices',
  z.strictObject({
    stops: z.array(z.strictObject({ channel: z.string(), since: z.string() })),
    /** Hours at which not to be contacted, as `12:00-14:00`. */
    hours: z.array(z.string()),
  }),
)
export const chooseChannel = acts('POST /portal-api/choices/channel', {
  body: z.strictObject({ channel: z.enum(PORTAL_CHANNELS), isStopped: z.boolean() }),
  answer: done,
})
export const chooseHours = acts('POST /portal-api/choices/hours', {
  body: z.strictObject({
    hours: z
      .array(z.string().regex(/^([01]\d|2[0-3]):00-([01]\d|2[0-4]):00$/, 'expected whole hours'))
      .max(6),
  }),
  answer: done,
})

export const readMessages = reads(
  'GET /portal-api/messages',
  z.strictObject({
    messages: z.array(
      z.strictObject({
        id: z.string(),
        at: z.string(),
        from: z.enum(['borrower', 'lender']),
        channel: z.string(),
        text: z.string(),
      }),
    ),
  }),
)
export const writeMessage = acts('POST /portal-api/messages', {
  body: z.strictObject({ text: words }),
  answer: done,
})

export const askErasure = acts('POST /portal-api/erasure', {
  body: nothingGiven,
  answer: z.strictObject({ earliestOn: z.string() }),
})
export const appeal = acts('POST /portal-api/matters/appeal', {
  body: z.strictObject({ id, text: words }),
  answer: z.strictObject({ dueOn: z.string() }),
})
