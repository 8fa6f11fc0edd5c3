import type { Instant } from '@dunlin/kernel'
import type { PartHeader } from './reassemble.ts'

/** One submit_sm that the SMSC took responsibility for. */
export type SubmitEntry = {
  readonly at: Instant
  readonly messageId: string
  readonly systemId: string
  readonly from: string
  readonly to: string
  readonly text: string
  readonly dataCoding: number
  readonly reference: number | null
  readonly part: PartHeader | null
  readonly isReceiptAsked: boolean
}

/** The last accepted submits and, over the whole run, those that came more than once. */
export type SubmitLog = {
  readonly add: (entry: SubmitEntry) => void
  readonly list: (to?: string) => readonly SubmitEntry[]
  readonly summary: () => SubmitSummary
  readonly clear: () => void
}

export type SubmitSummary = {
  readonly accepted: number
  readonly kept: number
  /** Same receiver, reference, part and text accepted more than once: a person reached twice. */
  readonly twice: readonly { readonly to: string; readonly text: string; readonly times: number }[]
}

const ENTRIES_KEPT_MAX = 50_000
const TWICE_LISTED_MAX = 1000

export function createSubmitLog(): SubmitLog {
  let entries: SubmitEntry[] = []
  let accepted = 0
  const times = new Map<string, number>()
  const twice = new Map<string, SubmitEntry>()
  return {
    add: (entry) => {
      accepted += 1
      entries.push(entry)
      if (entries.length > ENTRIES_KEPT_MAX * 2) entries = entries.slice(-ENTRIES_KEPT_MAX)
      const key = keyOf(entry)
      const count = (times.get(key) ?? 0) + 1
      times.set(key, count)
      if (count > 1 && twice.size < TWICE_LISTED_MAX) twice.set(key, entry)
    },
    list: (to) => (to === undefined ? entries : entries.filter((entry) => entry.to === to)),
    summary: () => ({
      accepted,
      kept: entries.length,
      twice: [...twice].map(([key, { to, text }]) => ({ to, text, times: times.get(key) ?? 0 })),
    }),
    clear: () => {
      entries = []
      accepted = 0
      times.clear()
      twice.clear()
    },
  }
}

function keyOf({ to, reference, part, text }: SubmitEntry): string {
  const place = part === null ? '' : `${part.seq}/${part.total}`
  return `${to} ${reference ?? ''} ${place} ${text}`
}
