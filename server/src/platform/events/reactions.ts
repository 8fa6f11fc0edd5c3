import type { EventName, EventPayload, SystemEventName, SystemEventPayload } from '@dunlin/contract'
import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Tx } from '../db/index.ts'

/**
 * A past-tense fact about one borrower, one of the list in `contract/src/events.ts`: what is told there is
 * what webhooks send. Payloads hold ids, codes, amounts and dates, never personal data.
 */
export type DomainEvent = {
  [Name in EventName]: {
    readonly name: Name
    readonly borrowerId: string
    readonly payload: Readonly<EventPayload<Name>>
  }
}[EventName]

/** A fact about the installation, nobody's. */
type SystemEvent = {
  [Name in SystemEventName]: {
    readonly name: Name
    readonly payload: Readonly<SystemEventPayload<Name>>
  }
}[SystemEventName]

/** An event as those hear it who react to several kinds. */
export type HeardEvent = {
  readonly name: string
  readonly borrowerId: string
  readonly payload: Readonly<Record<string, unknown>>
}

/** Runs in the transaction of the change, after the events are written to the outbox. */
export type Reaction = (tx: Tx, events: readonly HeardEvent[], at: Instant) => Promise<void>

/** Who hears of what. Built once by main.ts, so that lower domains never import higher ones. */
export type Reactions = {
  readonly on: (eventName: EventName, reaction: Reaction) => void
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

/** Tells what concerns no borrower; nobody in the house reacts to it. */
export async function tellSystem(tx: Tx, event: SystemEvent, at: Instant): Promise<void> {
  await writeOutbox(tx, [{ ...event, borrowerId: null }], at)
}

type Written = {
  readonly name: string
  readonly borrowerId: string | null
  readonly payload: object
}

async function writeOutbox(tx: Tx, events: readonly Written[], at: Instant): Promise<void> {
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
