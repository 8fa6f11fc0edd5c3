import { classifyIntent, INTENTS, type Intent, matchRules, plainText } from '@dunlin/server/intent'
import { readLabelled } from '../../scripts/labelled-messages.ts'
import type { BenchLine } from './bench-line.ts'

type Answer = Intent | 'unsure'
type Judge = (text: string) => Answer

const RECALL_MIN = 0.8
/** Of the classes that act on the gate, which a miss lets through. */
const ACTING: readonly Intent[] = ['distress', 'stop', 'wrong-person', 'dispute']
const ACTING_RECALL_MIN = 0.85

/**
 * Precision and recall on the half that nothing was tuned on: of each class and overall, beside the rules alone
 * (and, overall, beside the most frequent class). An `unsure` counts against recall: it goes to a person.
 */
export async function benchIntent(): Promise<BenchLine[]> {
  const held = readLabelled('held-out')
  const ours: Judge = (text) => classifyIntent(text).intent
  const rules: Judge = (text) => matchRules(plainText(text))[0] ?? 'unsure'
  const right = (judge: Judge) => share(held, ({ text, intent }) => judge(text) === intent)
  const unsure = share(held, ({ text }) => ours(text) === 'unsure')
  const sureRight = share(
    held.filter(({ text }) => ours(text) !== 'unsure'),
    ({ text, intent }) => ours(text) === intent,
  )
  const majority = Math.max(...INTENTS.map((each) => share(held, ({ intent }) => intent === each)))
  const found = right(ours)
  return [
    line('intent', found, { peer: 'rules alone', value: right(rules), min: RECALL_MIN }),
    line('intent-majority', found, {
      peer: 'the most frequent class',
      value: majority,
      min: RECALL_MIN,
    }),
    line('intent-when-sure', sureRight, {
      peer: 'share that goes to a person as unsure',
      value: unsure,
      min: 0.9,
    }),
    ...INTENTS.flatMap((intent) => {
      const min = ACTING.includes(intent) ? ACTING_RECALL_MIN : RECALL_MIN
      const at = (judge: Judge) => measure(held, judge, intent)
      const [own, peer] = [at(ours), at(rules)]
      return [
        line(`intent-${intent}-precision`, own.precision, {
          peer: 'rules alone',
          value: peer.precision,
          min: RECALL_MIN,
        }),
        line(`intent-${intent}-recall`, own.recall, {
          peer: 'rules alone',
          value: peer.recall,
          min,
        }),
      ]
    }),
  ]
}

type Held = ReturnType<typeof readLabelled>

function measure(
  held: Held,
  judge: Judge,
  intent: Intent,
): { readonly precision: number; readonly recall: number } {
  const said = held.filter(({ text }) => judge(text) === intent)
  const meant = held.filter((each) => each.intent === intent)
  return {
    precision: share(said, (each) => each.intent === intent),
    recall: share(meant, ({ text }) => judge(text) === intent),
  }
}

function share(held: Held, is: (each: Held[number]) => boolean): number {
  return held.length === 0 ? 0 : held.filter(is).length / held.length
}

function line(
  name: string,
  value: number,
  against: { readonly peer: string; readonly value: number; readonly min: number },
): BenchLine {
  const round = (given: number): number => Math.round(given * 1000) / 1000
  return {
    name,
    value: round(value),
    unit: 'share',
    peer: against.peer,
    peerValue: round(against.value),
    ratio: against.value === 0 ? null : round(value / against.value),
    bar: `>= ${against.min}`,
    met: value >= against.min,
  }
}
