import {
  type Clock,
  type EpochDay,
  epochDay,
  formatLocalDate,
  type Instant,
  instant,
  localDay,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import { type Action, borrowerOf, paysUnprompted, react, type WorldBorrower } from '@dunlin/world'
import type { Channel, SendResult } from '../channels/channel.ts'
import type { Permit } from '../channels/permit.ts'
import { type ConversationContext, receiveInbound } from '../conversations/index.ts'
import { parseLedgerEvent, recordLedgerEvents } from '../loanbook/index.ts'
import type { Agenda } from './agenda.ts'

/** Everything that people do lands where it does in life: in the ledger, and in conversations. */
export type BorrowersOptions = {
  readonly seed: number
  readonly portfolio: string
  readonly zone: string
  readonly agenda: Agenda
  readonly clock: Clock
  readonly conversations: ConversationContext
  /** Borrower numbers and loans by our id. */
  readonly people: ReadonlyMap<string, { readonly borrowerNo: string; readonly loanNo: string }>
  readonly dues: ReadonlyMap<string, readonly EpochDay[]>
  /** What a loan still owes that is due, in minor units. */
  readonly owedBy: (loanNo: string) => Promise<bigint>
}
export type VirtualBorrowers = {
  readonly channelOf: (kind: 'sms' | 'email', accountId: string) => Channel
  /** Puts what they pay unasked on the agenda. */
  readonly start: () => void
  readonly counts: () => { readonly replies: number; readonly payments: number }
}

const DAY_MS = 86_400_000
const WINDOW = 2_000

/** The people of a virtual book: hidden traits from the seed, the same under every strategy. */
export function createBorrowers(options: BorrowersOptions): VirtualBorrowers {
  const { agenda, people, dues } = options
  const counts = { replies: 0, payments: 0 }
  const received = new Map<string, number>()
  const who = (borrowerNo: string): WorldBorrower => borrowerOf(options.seed, borrowerNo)
  const pay = async (loanNo: string, wanted: bigint | null): Promise<void> => {
    if (await payTo(options, { loanNo, wanted, number: counts.payments })) counts.payments += 1
  }
  const take = (permit: Permit): void => {
    const person = required(people.get(permit.borrowerId), 'a borrower of the book')
    const key = `${person.borrowerNo} ${permit.channel}`
    const ordinal = received.get(key) ?? 0
    received.set(key, ordinal + 1)
    const channel = permit.channel === 'email' ? 'email' : 'sms'
    const message = { channel, text: permit.content.text, ordinal } as const
    for (const action of react(who(person.borrowerNo), message, options.clock.now()))
      agenda.add(action.at, async () => {
        if (action.kind === 'pay') await pay(person.loanNo, action.amountMinor)
        if (action.kind !== 'reply') return
        counts.replies += 1
        await reply(options, { permit, action, number: counts.replies })
      })
  }
  return {
    counts: () => counts,
    channelOf: (kind, accountId) => ({
      name: kind,
      account: { accountId, name: kind, collectionContent: true },
      window: WINDOW,
      countParts: () => 1,
      send: async (permits) =>
        permits.map((permit) => answer(permit, kind, { options, who, take })),
      close: async () => undefined,
    }),
    start: () => {
      for (const { borrowerNo, loanNo } of people.values())
        for (const [index, dueOn] of (dues.get(loanNo) ?? []).entries()) {
          const after = paysUnprompted(who(borrowerNo), index)
          if (after !== null) agenda.add(instant(dueOn * DAY_MS + after), () => pay(loanNo, null))
        }
    },
  }
}

function answer(
  permit: Permit,
  kind: 'sms' | 'email',
  given: {
    options: BorrowersOptions
    who: (borrowerNo: string) => WorldBorrower
    take: (permit: Permit) => void
  },
): SendResult {
  const { permitId, borrowerId } = permit
  const person = required(given.options.people.get(borrowerId), 'a borrower of the book')
  const { traits } = given.who(person.borrowerNo)
  if (kind === 'sms' ? traits.isPhoneDead : traits.isEmailDead)
    return { permitId, fate: 'rejected', code: 'dead', detail: 'nobody has this address' }
  given.take(permit)
  return { permitId, fate: 'accepted', providerMessageId: permitId, parts: 1 }
}

/** Pays what is due, or less where the person has less; false where nothing is due any more. */
async function payTo(
  options: BorrowersOptions,
  { loanNo, wanted, number }: { loanNo: string; wanted: bigint | null; number: number },
): Promise<boolean> {
  const owed = await options.owedBy(loanNo)
  const amountMinor = wanted === null || wanted > owed ? owed : wanted
  if (amountMinor <= 0n) return false
  const at = options.clock.now()
  const zone = required(zoneNamed(options.zone), options.zone)
  const parsed = parseLedgerEvent({
    ...{ id: `sim-${number}-${loanNo}`, kind: 'paid', amountMinor },
    effectiveOn: formatLocalDate(epochDay(localDay(zone, at))),
  })
  if (!parsed.ok) throw new Error(parsed.refusal.detail)
  const { db, reactions } = options.conversations
  const { portfolio } = options
  const given = { reactions, portfolio, loanNo, events: [parsed.value], source: 'simulation', at }
  const recorded = await db.transaction((tx) => recordLedgerEvents({ tx, ...given }))
  return recorded.ok
}

function reply(
  { conversations, clock }: BorrowersOptions,
  given: { permit: Permit; action: Extract<Action, { kind: 'reply' }>; number: number },
): Promise<void> {
  const { permit, action, number } = given
  const at: Instant = clock.now()
  const { channel } = permit
  // What is answered by post comes in by no channel of ours.
  if (channel === 'letter' || channel === 'robot-call') return Promise.resolve()
  return receiveInbound(conversations, {
    ...{ kind: 'message', accountId: '1', at, dedupeKey: `sim-${number}`, raw: '' },
    channel,
    from: permit.address.reveal(),
    ...{ to: 'simulation', subject: null, text: action.text },
    ...{ permitId: permit.permitId, isAutomatic: false },
  })
}
