import type { Instant } from '@dunlin/kernel'

type Entry = { readonly at: Instant; readonly place: number; readonly work: () => Promise<void> }

/** What is still to happen, in the order of its instants; what falls on one instant in the order in which it was added. */
export type Agenda = {
  readonly add: (at: Instant, work: () => Promise<void>) => void
  /** The instant of the next thing; null when nothing is to come. */
  readonly next: () => Instant | null
  /** Does everything up to and including an instant, also what is added meanwhile. */
  readonly runUntil: (at: Instant, setClock: (at: Instant) => void) => Promise<void>
}

/** A binary heap: adding and taking cost the logarithm of what waits. */
export function createAgenda(): Agenda {
  const heap: Entry[] = []
  let added = 0
  return {
    add: (at, work) => {
      heap.push({ at, place: added, work })
      added += 1
      rise(heap, heap.length - 1)
    },
    next: () => heap[0]?.at ?? null,
    runUntil: async (at, setClock) => {
      for (let first = heap[0]; first !== undefined && first.at <= at; first = heap[0]) {
        takeFirst(heap)
        setClock(first.at)
        await first.work()
      }
    },
  }
}

function isBefore(a: Entry | undefined, b: Entry | undefined): boolean {
  if (a === undefined || b === undefined) return false
  return a.at < b.at || (a.at === b.at && a.place < b.place)
}

function swap(heap: Entry[], one: number, other: number): void {
  const [a, b] = [heap[one], heap[other]]
  if (a === undefined || b === undefined) return
  heap[one] = b
  heap[other] = a
}

function rise(heap: Entry[], from: number): void {
  let place = from
  while (place > 0) {
    const parent = (place - 1) >> 1
    if (!isBefore(heap[place], heap[parent])) return
    swap(heap, place, parent)
    place = parent
  }
}

function takeFirst(heap: Entry[]): void {
  swap(heap, 0, heap.length - 1)
  heap.pop()
  let place = 0
  for (;;) {
    const [left, right] = [2 * place + 1, 2 * place + 2]
    const smaller = isBefore(heap[right], heap[left]) ? right : left
    if (!isBefore(heap[smaller], heap[place])) return
    swap(heap, place, smaller)
    place = smaller
  }
}
