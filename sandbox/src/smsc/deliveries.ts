import type { Pdu, PduFields, Session } from 'smpp'

const WINDOW = 64
const ANSWER_WAIT_MS = 10_000
const RETRY_MS = 100
const TRIES_MAX = 100

type Delivery = { readonly fields: PduFields; tries: number }

/**
 * What the SMSC has to hand over (receipts and messages from phones). Like a real one it keeps each until
 * it is acknowledged with status 0, and offers it again after a refusal, a time-out or a lost connection.
 */
export type Deliveries = {
  readonly add: (fields: PduFields) => void
  readonly attach: (session: Session) => void
  readonly waiting: () => number
  readonly close: () => void
}

export function createDeliveries(): Deliveries {
  const queue: Delivery[] = []
  const open = new Map<Session, Set<Delivery>>()
  const timers = new Set<NodeJS.Timeout>()
  let isClosed = false

  function pump(): void {
    if (isClosed || open.size === 0) return
    for (let next = roomiest(open); queue.length > 0 && next !== null; next = roomiest(open)) {
      const delivery = queue.shift()
      if (delivery === undefined) return
      offer(next[0], next[1], delivery)
    }
  }

  function offer(session: Session, inFlight: Set<Delivery>, delivery: Delivery): void {
    inFlight.add(delivery)
    delivery.tries += 1
    const timer = later(ANSWER_WAIT_MS, () => again(inFlight, delivery))
    const isWritten = session.deliver_sm({ ...delivery.fields }, (answer: Pdu) => {
      forget(timer)
      if (!inFlight.has(delivery)) return
      if (answer.command_status !== 0) return again(inFlight, delivery)
      inFlight.delete(delivery)
      pump()
    })
    if (!isWritten) again(inFlight, delivery)
  }

  function again(inFlight: Set<Delivery>, delivery: Delivery): void {
    if (!inFlight.delete(delivery) || delivery.tries >= TRIES_MAX) return
    later(RETRY_MS, () => {
      queue.push(delivery)
      pump()
    })
  }

  function later(ms: number, work: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      timers.delete(timer)
      if (!isClosed) work()
    }, ms)
    timers.add(timer)
    return timer
  }

  function forget(timer: NodeJS.Timeout): void {
    clearTimeout(timer)
    timers.delete(timer)
  }

  return {
    add: (fields) => {
      queue.push({ fields, tries: 0 })
      pump()
    },
    attach: (session) => {
      const inFlight = new Set<Delivery>()
      open.set(session, inFlight)
      session.on('close', () => {
        open.delete(session)
        for (const delivery of [...inFlight]) again(inFlight, delivery)
      })
      pump()
    },
    waiting: () => queue.length + [...open.values()].reduce((sum, set) => sum + set.size, 0),
    close: () => {
      isClosed = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

/** The bound session with the most room; null when every window is full. */
function roomiest(open: Map<Session, Set<Delivery>>): [Session, Set<Delivery>] | null {
  let best: [Session, Set<Delivery>] | null = null
  for (const entry of open) {
    if (entry[1].size < WINDOW && (best === null || entry[1].size < best[1].size)) best = entry
  }
  return best
}
