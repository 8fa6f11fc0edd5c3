import { z } from 'zod'
import { draftResponse, strategyResponse, trialRequest, trialResponse } from '../strategies.ts'
import { changes, done, noQuery, reads } from './endpoint.ts'

// Strategies as a manager sees them: the ladder in force, its versions, drafts and trials.

const text = z.strictObject({ zh: z.string(), en: z.string() })
const source = z.string().min(1).max(200_000)
const note = z.string().trim().min(1).max(1000)

export const ladderStep = z.strictObject({
  key: z.string(),
  /** Which of the strategy's stages it falls in; null: it follows a promise or an outcome. */
  stage: z.string().nullable(),
  trigger: z.strictObject({
    kind: z.enum(['dpd', 'after-outcome', 'before-promise', 'after-promise']),
    days: z.int(),
    outcome: z.string().nullable(),
  }),
  channel: z.string(),
  template: z.string(),
  /** Local time of the borrower. */
  time: z.string(),
  when: z.string().nullable(),
})
export type LadderStep = z.infer<typeof ladderStep>

const ladder = z.strictObject({
  title: text,
  stages: z.array(z.strictObject({ name: z.string(), from: z.int(), to: z.int().nullable() })),
  steps: z.array(ladderStep),
  stops: z.array(z.strictObject({ when: z.string(), because: text })),
})
export type Ladder = z.infer<typeof ladder>

export const strategyList = reads('GET /console-api/strategies', 'strategy.read', {
  query: noQuery,
  answer: z.strictObject({
    items: z.array(
      z.strictObject({
        name: z.string(),
        title: text,
        portfolios: z.array(z.string()),
        stages: z.int(),
        steps: z.int(),
        openCases: z.int(),
        waitingDrafts: z.int(),
      }),
    ),
  }),
})

export const strategyOne = reads('GET /console-api/strategies/:name', 'strategy.read', {
  query: noQuery,
  answer: z.strictObject({
    name: z.string(),
    portfolios: z.array(z.string()),
    ladder,
    /** What is in force, as text to start a draft from. */
    source: z.string(),
    hash: z.string(),
    versions: strategyResponse.shape.versions,
    /** `isMine`: the asker wrote it, and may therefore not review it. */
    drafts: z.array(draftResponse.extend({ isMine: z.boolean() })),
  }),
})

/** What is wrong with a text, and on which line; line 0 where no line can be named. */
export const strategyCheck = changes('POST /console-api/strategies/:name/check', 'strategy.read', {
  body: z.strictObject({ source }),
  answer: z.strictObject({
    problems: z.array(z.strictObject({ line: z.int(), text: z.string() })),
    ladder: ladder.nullable(),
  }),
})

export const strategyTrial = changes('POST /console-api/strategies/:name/trial', 'strategy.read', {
  body: trialRequest,
  answer: trialResponse.extend({ titles: z.record(z.string(), text) }),
})

export const strategyDraft = changes('POST /console-api/strategies/:name/drafts', 'strategy.edit', {
  body: z.strictObject({ source, note }),
  answer: z.strictObject({ id: z.string() }),
})

export const strategyReview = changes(
  'POST /console-api/strategy-drafts/:draftId/review',
  'strategy.review',
  { body: z.strictObject({ verdict: z.enum(['released', 'rejected']), note }), answer: done },
)

export const strategyRollBack = changes(
  'POST /console-api/strategies/:name/roll-back',
  'strategy.review',
  {
    body: z.strictObject({ versionId: z.string().regex(/^\d{1,18}$/), reason: note }),
    answer: done,
  },
)

export const STRATEGY_ENDPOINTS = [
  strategyList,
  strategyOne,
  strategyCheck,
  strategyTrial,
  strategyDraft,
  strategyReview,
  strategyRollBack,
] as const
