import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { required } from '@dunlin/kernel'
import {
  CHANNELS,
  CONTENT_KINDS,
  lintContent,
  type Policy,
  PURPOSES,
  RELATIONS,
} from '@dunlin/policy'
import { z } from 'zod'
import { loadPolicy } from '../../server/src/platform/packs.ts'
import { segmentWords } from '../../server/src/platform/segment-words.ts'
import type { BenchLine } from './bench-line.ts'

const LABELS = [
  'threat',
  'insult',
  'false-authority',
  'false-consequence',
  'new-borrowing',
  'disclosure',
  'shaming',
  'personal-data',
  'collection-news',
  'missing-who',
  'missing-amount',
  'missing-deadline',
  'missing-complaint-line',
  'missing-opt-out',
] as const
type Label = (typeof LABELS)[number]

const messageSchema = z.strictObject({
  id: z.string(),
  text: z.string(),
  language: z.enum(['zh-CN', 'en']),
  channel: z.enum(CHANNELS),
  purpose: z.enum(PURPOSES),
  kind: z.enum(CONTENT_KINDS),
  relation: z.enum(RELATIONS),
  labels: z.array(z.enum(LABELS)),
  trait: z.enum(['plain', 'evasion', 'negative']),
})
export type Message = z.infer<typeof messageSchema>

/** Rules by how their name ends or which list they name, to the labels of the guide. */
const LABEL_OF: Readonly<Record<string, Label>> = {
  threat: 'threat',
  'further-threat': 'threat',
  insult: 'insult',
  'further-insult': 'insult',
  'false-authority': 'false-authority',
  'further-authority': 'false-authority',
  'fake-consequence': 'false-consequence',
  'further-consequence': 'false-consequence',
  'new-borrowing': 'new-borrowing',
  'further-borrowing': 'new-borrowing',
  disclosure: 'disclosure',
  debt: 'disclosure',
  shaming: 'shaming',
  'group-call-out': 'shaming',
  'whole-number': 'personal-data',
  'private-number': 'personal-data',
  'private-data': 'personal-data',
  person: 'personal-data',
  'collection-news': 'collection-news',
  progress: 'collection-news',
  'lender-name': 'missing-who',
  'sum-with-currency': 'missing-amount',
  deadline: 'missing-deadline',
  'complaint-line': 'missing-complaint-line',
  'opt-out-invitation': 'missing-opt-out',
}
/** In the word lists a sum is forbidden to third persons and asked of demands. */
const AMOUNT: Readonly<Record<string, Label>> = {
  'cn.content.amount': 'missing-amount',
  'cn.contact.third-party-no-disclosure': 'disclosure',
}

/** The least that held-out messages must show; below it the lint is not fit to be relied upon. */
const BARS = { precision: 0.9, recall: 0.8 } as const
const HALVES = ['held-out', 'development'] as const

/**
 * Precision and recall of the content lint per label and over all, on the half kept from tuning and on
 * the half it was tuned on, beside the word lists of the packs cn and wecom alone.
 */
export async function benchLint(): Promise<BenchLine[]> {
  const [ours, lists] = [
    required(loadPolicy(['cn', 'wecom', 'lender-default']), 'policy'),
    required(loadPolicy(['cn', 'wecom']), 'word lists'),
  ]
  return HALVES.flatMap((half) => {
    const messages = readMessages(half)
    return figuresOf(half, count(messages, ours), count(messages, lists))
  })
}

export function readMessages(half: (typeof HALVES)[number]): Message[] {
  const text = readFileSync(join(import.meta.dirname, 'lint-set', `${half}.jsonl`), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => messageSchema.parse(JSON.parse(line)))
}

/** The labels that the lint gives a message. */
export function labelsOf(policy: Policy, message: Message): ReadonlySet<Label> {
  const found = lintContent(policy, message, { segment: segmentWords })
  const labels = found
    .filter(({ blocks }) => blocks)
    .map(({ rule, lexicon }) => AMOUNT[rule] ?? LABEL_OF[lexicon ?? ''])
  return new Set(labels.filter((label) => label !== undefined))
}

type Counts = { right: number; wrong: number; missed: number }
type Figures = ReadonlyMap<string, Counts>

function count(messages: readonly Message[], policy: Policy): Figures {
  const figures = new Map<string, Counts>()
  for (const message of messages) {
    const given = labelsOf(policy, message)
    for (const label of LABELS) {
      const [has, says] = [message.labels.includes(label), given.has(label)]
      if (!has && !says) continue
      const key = has ? (says ? 'right' : 'missed') : 'wrong'
      for (const name of [label, 'all', `${message.trait}`]) {
        const counts = figures.get(name) ?? { right: 0, wrong: 0, missed: 0 }
        counts[key] += 1
        figures.set(name, counts)
      }
    }
    // Is a message refused that deserves it, whatever the reason?
    const [bad, refused] = [message.labels.length > 0, given.size > 0]
    const counts = figures.get('refused') ?? { right: 0, wrong: 0, missed: 0 }
    if (bad || refused) counts[bad ? (refused ? 'right' : 'missed') : 'wrong'] += 1
    figures.set('refused', counts)
  }
  return figures
}

const NONE: Counts = { right: 0, wrong: 0, missed: 0 }

function figuresOf(half: string, ours: Figures, lists: Figures): BenchLine[] {
  return ['all', 'refused', 'evasion', ...LABELS].flatMap((name) => {
    const [mine, theirs] = [ours.get(name) ?? NONE, lists.get(name) ?? NONE]
    const isBarred = half === 'held-out' && name === 'all'
    return (['precision', 'recall'] as const).map((measure) => {
      const [value, peerValue] = [measured(mine, measure), measured(theirs, measure)]
      return {
        name: `lint-${half}-${name}-${measure}`,
        value,
        unit: `of ${measure === 'recall' ? mine.right + mine.missed : mine.right + mine.wrong}`,
        peer: 'the word lists of cn and wecom alone',
        peerValue,
        ratio: peerValue === 0 ? null : round(value / peerValue),
        bar: isBarred ? `>= ${BARS[measure]}` : 'told',
        met: !isBarred || value >= BARS[measure],
      }
    })
  })
}

function measured({ right, wrong, missed }: Counts, measure: 'precision' | 'recall'): number {
  const of = right + (measure === 'recall' ? missed : wrong)
  return of === 0 ? 0 : round(right / of)
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
