import { type Instant, parseInstant, required } from '@dunlin/kernel'
import type { Verdict } from '@dunlin/policy'
import type { Tx } from '../platform/db/index.ts'
import { ensureContactMonths, insertTried, type TriedContact } from './ask-store.ts'
import type { Gate } from './dispatch-batch.ts'
import { judgeQuestions } from './judge-question.ts'

export type { TriedContact } from './ask-store.ts'

/** What the gate says; null where the borrower has no point of the channel, or the template is missing. */
export type Tried = { readonly verdict: Verdict | null }

/**
 * What the gate would say to each of these contacts at its instant, by the facts and the code of dispatch. Contacts
 * are judged each by itself: one does not yet count in the caps of the next. The caller rolls back.
 */
export async function tryContacts(
  tx: Tx,
  gate: Gate,
  { contacts, carriers }: { contacts: readonly TriedContact[]; carriers: ReadonlySet<string> },
): Promise<Tried[]> {
  const answers: Tried[] = contacts.map(() => ({ verdict: null }))
  for (const [at, group] of Map.groupBy(contacts.keys(), (place) => contacts[place]?.at ?? '')) {
    await ensureContactMonths(tx, at)
    const tried = group.flatMap((place) => contacts[place] ?? [])
    const planned = await insertTried(tx, tried)
    const questions = planned.map((attempt) => {
      const channel = channelOf(tried[attempt.place]?.channel)
      return { attempt, channel, partyId: null, collectionContent: carriers.has(channel) }
    })
    const verdicts = await judgeQuestions(tx, gate, { questions, at: toInstant(at) })
    for (const [index, { place }] of planned.entries()) {
      const where = group[place]
      if (where !== undefined) answers[where] = { verdict: verdicts[index] ?? null }
    }
  }
  return answers
}

const CHANNELS = ['sms', 'email', 'wecom'] as const

function channelOf(name: string | undefined): (typeof CHANNELS)[number] {
  return required(
    CHANNELS.find((known) => known === name),
    `channel ${name}`,
  )
}

function toInstant(text: string): Instant {
  return required(parseInstant(text), text)
}
