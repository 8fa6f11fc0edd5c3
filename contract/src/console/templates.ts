import { CONTENT_KINDS } from '@dunlin/policy'
import { z } from 'zod'
import { changes, done, noQuery, reads } from './endpoint.ts'

// Templates as a manager sees them: what is sent, linted and previewed, its versions and drafts.

const text = z.strictObject({ zh: z.string(), en: z.string() })
const source = z.string().min(1).max(20_000)
const note = z.string().trim().min(1).max(1000)
const channel = z.enum(['sms', 'email', 'wecom', 'letter', 'robot-call'])

const head = {
  id: z.string(),
  channel,
  kind: z.enum(CONTENT_KINDS),
  purpose: z.string(),
}

export const templateList = reads('GET /console-api/templates', 'strategy.read', {
  query: noQuery,
  answer: z.strictObject({
    items: z.array(
      z.strictObject({
        ...head,
        /** Whether what is sent is the shipped file. */
        isShipped: z.boolean(),
        waitingDrafts: z.int(),
      }),
    ),
  }),
})

/** A rendering with made-up facts, and what the content rules have against it. */
const variant = z.strictObject({
  language: z.enum(['zh-CN', 'en']),
  subject: z.string().nullable(),
  text: z.string(),
  /** How many messages an SMS is billed as; null on other channels, or when it is too long to be sent. */
  parts: z.int().nullable(),
  findings: z.array(
    z.strictObject({
      rule: z.string(),
      title: text,
      source: z.string(),
      /** Whether it may not be kept. */
      blocks: z.boolean(),
      /** In the subject with a line break, where there is one, and the text. */
      start: z.int(),
      end: z.int(),
      mend: text,
    }),
  ),
})
export type TemplateVariant = z.infer<typeof variant>

const draft = z.strictObject({
  id: z.string(),
  source: z.string(),
  note: z.string(),
  state: z.enum(['draft', 'released', 'rejected']),
  writtenBy: z.string(),
  writtenAt: z.string(),
  reviewedBy: z.string().nullable(),
  reviewedAt: z.string().nullable(),
  reviewNote: z.string().nullable(),
  /** The asker wrote it, and may therefore not review it. */
  isMine: z.boolean(),
})

export const templateOne = reads('GET /console-api/templates/:id', 'strategy.read', {
  query: noQuery,
  answer: z.strictObject({
    ...head,
    source: z.string(),
    variants: z.array(variant),
    /** Whether there is a shipped file to come back to. */
    hasShipped: z.boolean(),
    /** What was put in force, the latest first; `draftId` null: the shipped file. */
    releases: z.array(
      z.strictObject({
        draftId: z.string().nullable(),
        by: z.string(),
        at: z.string(),
        reason: z.string(),
      }),
    ),
    drafts: z.array(draft),
  }),
})

/** What is wrong with a text, line 0 where no line can be named; rendered and linted when it can be read. */
export const templateCheck = changes('POST /console-api/templates/:id/check', 'strategy.read', {
  body: z.strictObject({ source: z.string().max(20_000) }),
  answer: z.strictObject({
    problems: z.array(z.strictObject({ line: z.int(), text: z.string() })),
    variants: z.array(variant),
  }),
})

export const templateDraft = changes('POST /console-api/templates/:id/drafts', 'template.edit', {
  body: z.strictObject({ source, note }),
  answer: z.strictObject({ id: z.string() }),
})

export const templateReview = changes(
  'POST /console-api/template-drafts/:draftId/review',
  'strategy.review',
  { body: z.strictObject({ verdict: z.enum(['released', 'rejected']), note }), answer: done },
)

export const templateRollBack = changes(
  'POST /console-api/templates/:id/roll-back',
  'strategy.review',
  {
    body: z.strictObject({
      draftId: z
        .string()
        .regex(/^\d{1,18}$/)
        .nullable(),
      reason: note,
    }),
    answer: done,
  },
)

export const TEMPLATE_ENDPOINTS = [
  templateList,
  templateOne,
  templateCheck,
  templateDraft,
  templateReview,
  templateRollBack,
] as const
