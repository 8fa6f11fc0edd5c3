import { CHANNELS, CONTENT_KINDS, PURPOSES } from '@dunlin/policy'
import { z } from 'zod'

/** A longer text is no message. */
export const LINTED_LENGTH_MAX = 10_000

export const contentLintRequest = z.strictObject({
  text: z.string().min(1).max(LINTED_LENGTH_MAX),
  language: z.enum(['zh-CN', 'en']),
  channel: z.enum(CHANNELS),
  purpose: z.enum(PURPOSES).default('collect'),
  kind: z.enum(CONTENT_KINDS).default('reminder'),
  /** Whose packs and overlay are asked; absent: `cn`, `wecom` and `lender-default`. */
  portfolio: z.string().min(1).max(100).optional(),
})

const text = z.object({ zh: z.string(), en: z.string() })

export const contentLintResponse = z.object({
  /** Whether the gate would refuse the text for its words. */
  blocks: z.boolean(),
  packs: z.array(z.string()),
  findings: z.array(
    z.object({
      rule: z.string(),
      severity: z.string(),
      /** False for advice. */
      blocks: z.boolean(),
      /** The word list or list of phrases; null for a rule on the form of a message. */
      list: z.string().nullable(),
      /** UTF-16 units of the text as sent; empty, at its end, for a part that is missing. */
      start: z.int(),
      end: z.int(),
      text: z.string(),
      title: text,
      cite: z.object({ instrument: z.string(), basis: z.string(), note: z.string().optional() }),
      /** What to do about it, in a sentence. */
      says: text,
    }),
  ),
})
