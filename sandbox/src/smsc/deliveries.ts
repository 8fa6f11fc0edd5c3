const WINDOW = 64
const ANSWER_WAIT_MS = 10_000
const RETRY_MS = 100
const TRIES_MAX = 100

type Delivery<T> = { readonly item: T; tries: number }

/** A connection over which deliveries can be offered. */
export type DeliverySession<T> = {
  /** Writes one; `answered` says whether the other side took it. False when nothing could be written. */
  readonly offer: (item: T, answered: (isTaken: boolean) => void) => boolean
  readonly onClose: (closed: () => void) => void
}

/**
 * What a message centre has to hand over (receipts and messages from phones). Like a real one it keeps each
 * until it is acknowledged, and offers it again after a refusal, a time-out or a lost connection.
 */
export type Deliveries<T> = {
  readonly add: (item: T) => void
  readonly attach: (session: DeliverySession<T>) => void
  readonly waiting: () => number
  readonly close: () => void
}

export function createDeliveries<T>(): Deliveries<T> {
  const queue: Delivery<T>[] = []
  const open = new Map<DeliverySession<T>, Set<Delivery<T>>>()
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

  function offer(
    session: DeliverySession<T>,
    inFlight: Set<Delivery<T>>,
    delivery: Delivery<T>,
  ): void {
    inFlight.add(delivery)
    delivery.tries += 1
    const timer = later(ANSWER_WAIT_MS, () => again(inFlight, delivery))
    const isWritten = session.offer(delivery.item, (isTaken) => {
      forget(timer)
      if (!inFlight.has(delivery)) return
      if (!isTaken) return again(inFlight, delivery)
      inFlight.delete(delivery)
      pump()
    })
    if (!isWritten) again(inFlight, delivery)
  }

  function again(inFlight: Set<Delivery<T>>, delivery: Delivery<T>): void {
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
    add: (item) => {
      queue.push({ item, tries: 0 })
      pump()
    },
    attach: (session) => {
      const inFlight = new Set<Delivery<T>>()
      open.set(session, inFlight)
      session.onClose(() => {
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
function roomiest<T>(
  open: Map<DeliverySession<T>, Set<Delivery<T>>>,
): [DeliverySession<T>, Set<Delivery<T>>] | null {
  let best: [DeliverySession<T>, Set<Delivery<T>>] | null = null
  for (const entry of open) {
    if (entry[1].size < WINDOW && (best === null || entry[1].size < best[1].size)) best = entry
  }
  return best
}
