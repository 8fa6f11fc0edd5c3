import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Tx } from '../db/index.ts'

/** A past-tense fact about one borrower. Payloads hold ids and numbers, never personal data. */
export type DomainEvent = {
  readonly name: string
  readonly borrowerId: string
  readonly payload: Readonly<Record<string, string | number | boolean | null | readonly string[]>>
}

/** Runs in the transaction of the change, after the events are written to the outbox. */
export type Reaction = (tx: Tx, events: readonly DomainEvent[], at: Instant) => Promise<void>

/** Who hears of what. Built once by main.ts, so that lower domains never import higher ones. */
export type Reactions = {
  readonly on: (eventName: string, reaction: Reaction) => void
  readonly publish: (tx: Tx, events: readonly DomainEvent[], at: Instant) => Promise<void>
}

export function createReactions(): Reactions {
  const byName = new Map<string, Reaction[]>()
  return {
    on: (eventName, reaction) => {
      byName.set(eventName, [...(byName.get(eventName) ?? []), reaction])
    },
    publish: async (tx, events, at) => {
      if (events.length === 0) return
      await writeOutbox(tx, events, at)
      for (const [name, group] of Map.groupBy(events, (event) => event.name)) {
        for (const reaction of byName.get(name) ?? []) await reaction(tx, group, at)
      }
    },
  }
}

async function writeOutbox(tx: Tx, events: readonly DomainEvent[], at: Instant): Promise<void> {
  await tx.run(
    `insert into outbox (borrower_id, event, payload, recorded_at)
     select b, e, p::jsonb, $4 from unnest($1::bigint[], $2::text[], $3::text[]) as t(b, e, p)`,
    [
      events.map((event) => event.borrowerId),
      events.map((event) => event.name),
      events.map((event) => JSON.stringify(event.payload)),
      formatInstant(at),
    ],
  )
}
