import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  addDays,
  type EpochDay,
  epochDay,
  type Random,
  randomInt,
  seededRandom,
} from '@dunlin/kernel'
import type { LedgerEvent } from '../../loanbook/model/ledger-event.ts'
import { productOptions } from '../../loanbook/model/product-options.ts'
import { listPayments } from '../ledgers.ts'
import { decidePromise, type PromiseState, type PromiseTerms } from './decide-promise.ts'

// Random histories of a promise, judged once as the product does and once by a slow walk through its days.

const HISTORIES = 100_000
const MADE = epochDay(20_000)
const KNOWN = { recordedAt: null } as const

type Heard = Extract<LedgerEvent, { kind: 'paid' | 'reversed' }>
type History = {
  readonly terms: PromiseTerms
  readonly today: EpochDay
  /** In the order in which it became known. */
  readonly heard: readonly Heard[]
  readonly cures: readonly EpochDay[]
}

function aHistory(random: Random): History {
  const pick = (least: number, most: number): number => randomInt(random, least, most + 1)
  let dueAt = 0
  const parts = Array.from({ length: pick(1, 4) }, () => {
    dueAt += pick(0, 12)
    return { dueOn: addDays(MADE, dueAt), amountMinor: BigInt(pick(1, 400)) }
  })
  const paid = Array.from({ length: pick(0, 6) }, (_, at): Heard => {
    // Half of them are what a part asks for, or one unit beside it.
    const asked = parts[pick(0, parts.length - 1)]?.amountMinor ?? 1n
    const amountMinor = pick(0, 1) === 0 ? BigInt(pick(1, 500)) : asked + BigInt(pick(-1, 1))
    const effectiveOn = addDays(MADE, pick(-2, dueAt + 8))
    return { ...KNOWN, kind: 'paid', id: `${at}`, effectiveOn, amountMinor: amountMinor || 1n }
  })
  const back = paid
    .filter(() => pick(0, 3) === 0)
    .map(({ id, effectiveOn }): Heard => {
      const later = addDays(effectiveOn, pick(0, 20))
      return { ...KNOWN, kind: 'reversed', id: `r${id}`, reverses: id, effectiveOn: later }
    })
  const known = [...paid, ...back]
  const order = known.map((each) => ({ each, at: random() })).toSorted((a, b) => a.at - b.at)
  return {
    terms: { parts, graceDays: pick(0, 4), keepsAtPercent: pick(0, 1) === 0 ? 100 : pick(1, 100) },
    today: addDays(MADE, pick(0, dueAt + 8)),
    heard: order.map(({ each }) => each),
    cures: pick(0, 4) === 0 ? [addDays(MADE, pick(-2, dueAt + 6))] : [],
  }
}

/** As the product judges: the payments in effect today, and the terms. */
function decided({ terms, today, heard, cures }: History): PromiseState {
  const ledger = {
    loanId: '1',
    loanNo: 'L',
    portfolio: 'P',
    product: productOptions(),
    events: heard,
  }
  const payments = listPayments([ledger], { from: MADE, today })
  return decidePromise(terms, { madeOn: MADE, today, payments, cures })
}

/** Day by day from the making of the promise: a purse is filled, and each part is looked at on its last day. */
function slowly({ terms, today, heard, cures }: History): PromiseState {
  const waiting = terms.parts.map(({ dueOn }) => addDays(dueOn, terms.graceDays))
  const met = waiting.map(() => false)
  let purse = 0n
  let hasPaidInDays = false
  let isMissed = false
  for (let day = MADE; day <= today; day = addDays(day, 1)) {
    for (const each of heard) {
      if (each.kind !== 'paid' || each.effectiveOn !== day) continue
      if (heard.some((back) => isBackBy(today, { back, id: each.id }))) continue
      purse += each.amountMinor
      if (day <= (waiting.at(-1) ?? day)) hasPaidInDays = true
    }
    let needed = 0n
    for (const [at, { amountMinor }] of terms.parts.entries()) {
      needed += amountMinor * BigInt(terms.keepsAtPercent)
      const isInTime = day <= (waiting[at] ?? day)
      if (isInTime && (purse * 100n >= needed || cures.includes(day))) met[at] = true
      if (day > (waiting[at] ?? day) && met[at] !== true) isMissed = true
    }
  }
  if (isMissed) return hasPaidInDays ? 'part-kept' : 'broken'
  return met.every(Boolean) ? 'kept' : 'open'
}

function isBackBy(today: EpochDay, { back, id }: { back: Heard; id: string }): boolean {
  return back.kind === 'reversed' && back.reverses === id && back.effectiveOn <= today
}

test(`${HISTORIES} random histories of payments and reversals end as a slow walk through their days says`, () => {
  const seen = { open: 0, kept: 0, 'part-kept': 0, broken: 0 }
  for (let seed = 1; seed <= HISTORIES; seed += 1) {
    const history = aHistory(seededRandom(seed))
    const state = decided(history)
    seen[state] += 1
    assert.equal(state, slowly(history), `seed ${seed}`)
  }
  for (const count of Object.values(seen)) assert.ok(count > HISTORIES / 20, JSON.stringify(seen))
})
