import type { Instant } from '@dunlin/kernel'
import type { Misbehaviour } from './misbehaviour.ts'

const STATES = { DELIVRD: 2, EXPIRED: 3, UNDELIV: 5, REJECTD: 8 } as const

/** The text of a delivery receipt as SMPP 3.4 appendix B writes it. */
export function receiptText(receipt: {
  readonly id: string
  readonly state: Misbehaviour['receiptState']
  readonly at: Instant
  readonly text: string
}): string {
  const { id, state, at, text } = receipt
  const date = receiptDate(at)
  const delivered = state === 'DELIVRD' ? '001' : '000'
  const error = state === 'DELIVRD' ? '000' : '001'
  const head = `id:${id} sub:001 dlvrd:${delivered} submit date:${date} done date:${date}`
  return `${head} stat:${state} err:${error} text:${ascii(text).slice(0, 20)}`
}

/** The `message_state` parameter of the same receipt. */
export function messageState(state: Misbehaviour['receiptState']): number {
  return STATES[state]
}

/** `YYMMDDhhmm` in UTC. */
function receiptDate(at: Instant): string {
  return Temporal.Instant.fromEpochMilliseconds(at).toString().replace(/[-T:]/g, '').slice(2, 12)
}

function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}
