import { readBoard } from '@dunlin/contract'
import {
  formatInstant,
  instant,
  instantsOfLocal,
  localDay,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import type { App } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { titleOf } from '../rule-titles.ts'
import { serve } from '../serve.ts'
import { readChannels, readStages, readTotals, readVerdicts } from './board-store.ts'

const ZONE = 'Asia/Shanghai'
/** The whole book is counted at most this often, however many boards are open. */
const COUNT_MS = 5_000

/** Today as one screen: the book by stage, the gate's verdicts and what became of contacts. */
export function routeBoard(app: App, context: ConsoleContext): void {
  const { db, wall } = context
  const counted = shared(wall.now, async () => {
    const [stages, totals] = await Promise.all([readStages(db), readTotals(db)])
    return { stages, totals }
  })
  serve(app, context, readBoard, async ({ at }) => {
    const zone = required(zoneNamed(ZONE), ZONE)
    const [midnight = at] = instantsOfLocal(zone, localDay(zone, at), 0)
    const since = formatInstant(instant(midnight))
    const [book, verdicts, channels] = await Promise.all([
      counted(),
      readVerdicts(db, since),
      readChannels(db, since),
    ])
    return {
      now: formatInstant(at),
      ...book,
      verdicts: verdicts.map((row) => ({
        ...row,
        title: row.rule === null ? null : titleOf(row.rule),
      })),
      channels,
    }
  })
}

/** One answer for everybody who asks within its time. */
function shared<T>(now: () => number, work: () => Promise<T>): () => Promise<T> {
  let kept: { at: number; answer: Promise<T> } | null = null
  return () => {
    if (kept === null || now() - kept.at > COUNT_MS) {
      const answer = work()
      kept = { at: now(), answer }
      answer.catch(() => {
        kept = null
      })
    }
    return kept.answer
  }
}
