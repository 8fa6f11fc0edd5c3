import type { Clock } from '@dunlin/kernel'
import { type Action, borrowerOf, react, type Topic, type WorldBorrower } from '@dunlin/world'
import { type Agenda, createAgenda } from './agenda.ts'
import type { BookLine } from './book.ts'

/** A message as it reached somebody. */
export type Reached = {
  readonly channel: 'sms' | 'email'
  readonly address: string
  readonly text: string
  readonly reply: (text: string, topic: Topic) => void
}

export type Payment = {
  readonly loanNo: string
  readonly amountMinor: bigint
  readonly currency: string
  readonly key: string
}

export type PeopleOptions = {
  readonly seed: number
  readonly clock: Clock
  readonly book: readonly BookLine[]
  readonly currency?: string
  /** Pays through the product's door; absent when the world knows none. */
  readonly pay?: (payment: Payment) => void
}

/** Who lives in the world, and what they did. */
export type People = {
  readonly reach: (message: Reached) => void
  readonly isDead: (channel: 'sms' | 'email', address: string) => boolean
  readonly counts: () => Readonly<Record<string, number>>
  readonly waiting: () => number
  readonly close: () => void
}

type Person = { readonly who: WorldBorrower; readonly loanNos: string[]; received: number }

export function createPeople(options: PeopleOptions): People {
  const agenda = createAgenda(options.clock)
  const byAddress = settle(options)
  const counts: Record<string, number> = { messages: 0, read: 0, reply: 0, pay: 0 }
  return {
    reach: (message) => {
      counts.messages = (counts.messages ?? 0) + 1
      const person = personAt(byAddress, options, message.address)
      const actions = react(
        person.who,
        { channel: message.channel, text: message.text, ordinal: person.received },
        options.clock.now(),
      )
      person.received += 1
      for (const action of actions) plan(agenda, { options, person, message, action, counts })
    },
    isDead: (channel, address) => {
      const { traits } = personAt(byAddress, options, address).who
      return channel === 'sms' ? traits.isPhoneDead : traits.isEmailDead
    },
    counts: () => counts,
    waiting: agenda.size,
    close: agenda.close,
  }
}

type Planned = {
  readonly options: PeopleOptions
  readonly person: Person
  readonly message: Reached
  readonly action: Action
  readonly counts: Record<string, number>
}

function plan(agenda: Agenda, planned: Planned): void {
  agenda.add(planned.action.at, () => {
    const { action, counts } = planned
    counts[action.kind] = (counts[action.kind] ?? 0) + 1
    if (action.kind === 'reply') planned.message.reply(action.text, action.topic)
    if (action.kind === 'pay') pay(planned, action.amountMinor)
  })
}

function pay({ options, person, action }: Planned, amountMinor: bigint): void {
  const [loanNo] = person.loanNos
  if (loanNo === undefined) return
  const key = `world-${options.seed}-${loanNo}-${action.at}`
  options.pay?.({ loanNo, amountMinor, currency: person.who.currency, key })
}

function settle(options: PeopleOptions): Map<string, Person> {
  const byNo = new Map<string, Person>()
  const byAddress = new Map<string, Person>()
  for (const line of options.book) {
    const person = byNo.get(line.borrowerNo) ?? newPerson(options, line.borrowerNo)
    person.loanNos.push(line.loanNo)
    byNo.set(line.borrowerNo, person)
    for (const address of [line.phone, line.email]) {
      if (address !== null) byAddress.set(normalised(address), person)
    }
  }
  return byAddress
}

/** A stranger to the book lives there all the same: the network reaches whoever has the number. */
function personAt(byAddress: Map<string, Person>, options: PeopleOptions, address: string): Person {
  const key = normalised(address)
  const known = byAddress.get(key)
  if (known !== undefined) return known
  const person = newPerson(options, key)
  byAddress.set(key, person)
  return person
}

function newPerson({ seed, currency }: PeopleOptions, id: string): Person {
  return { who: borrowerOf(seed, id, currency ?? 'CNY'), loanNos: [], received: 0 }
}

/** Phones by their last 11 digits (with or without country code), mailboxes in lower case. */
function normalised(address: string): string {
  return address.includes('@') ? address.toLowerCase() : address.replace(/\D/g, '').slice(-11)
}
