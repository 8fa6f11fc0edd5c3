import type { Database } from '../../platform/db/index.ts'
import type { Reach } from '../context.ts'
import { type LiveRow, listEventsAfter, listRecentEvents, readLastEvent } from './live-store.ts'

export type Listener = { readonly reach: Reach; readonly tell: (text: string) => void }

const POLL_MS = 1_000
const EVENTS_AT_ONCE = 500
const RECENT = 500

/**
 * One reader of the outbox for all open pages of this process: a hundred agents cost the database what one
 * does. It reads while somebody listens, and no further.
 */
export function createFeed(db: Database): { join: (listener: Listener) => Promise<() => void> } {
  const listeners = new Set<Listener>()
  let timer: NodeJS.Timeout | null = null
  let after: string | null = null

  async function poll(): Promise<void> {
    after ??= await readLastEvent(db)
    const rows = await listEventsAfter(db, after, EVENTS_AT_ONCE)
    after = rows.at(-1)?.id ?? after
    for (const { reach, tell } of listeners) {
      const heard = rows.filter((row) => isHeard(row, reach))
      tell(
        heard.length === 0 ? ': still here\n\n' : `data: ${JSON.stringify(heard.map(toTold))}\n\n`,
      )
    }
  }

  function again(): void {
    timer = setTimeout(() => {
      // A failed read is made up for by the next: the place in the outbox did not move.
      poll().then(next, next)
    }, POLL_MS)
    timer.unref()
  }

  function next(): void {
    if (listeners.size > 0) again()
    else {
      timer = null
      after = null
    }
  }

  return {
    join: async (listener) => {
      // What happened last comes first, so that a page that opens is not blank.
      const before = (await listRecentEvents(db, RECENT)).filter((row) =>
        isHeard(row, listener.reach),
      )
      listener.tell(`data: ${JSON.stringify(before.map(toTold))}\n\n`)
      listeners.add(listener)
      if (timer === null) again()
      return () => listeners.delete(listener)
    },
  }
}

/** What is assigned to an agency is told to it; what is not, is not. */
function isHeard(row: LiveRow, { agencyId }: Reach): boolean {
  return agencyId === null || row.agencyId === agencyId
}

function toTold({ id, at, event, caseId, borrowerNo, channel }: LiveRow): object {
  return { id, at, event, caseId, borrowerNo, channel }
}
