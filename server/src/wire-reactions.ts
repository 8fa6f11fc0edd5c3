import { type EpochDay, type Instant, localDay, required, zoneNamed } from '@dunlin/kernel'
import { syncCases } from './cases/index.ts'
import type { Database } from './platform/db/index.ts'
import type { Reactions } from './platform/events/index.ts'
import { readPreDue } from './strategy/index.ts'

const ZONE = 'Asia/Shanghai'

/** Who hears of what across domains: a loan that changed brings its case in line, in the same transaction. */
export function wireReactions(reactions: Reactions, db: Database): void {
  reactions.on('loan.changed', async (tx, events, at) => {
    const preDue = await readPreDue(db)
    await syncCases(tx, [...new Set(events.map((event) => event.borrowerId))], {
      reactions,
      asOf: today(at),
      at,
      preDue,
    })
  })
}

function today(at: Instant): EpochDay {
  return localDay(required(zoneNamed(ZONE), ZONE), at)
}
