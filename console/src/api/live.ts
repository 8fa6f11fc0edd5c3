import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { EndpointName } from './client.ts'

/** Something that happened, as the stream tells it. */
export type LiveEvent = {
  readonly id: string
  readonly at: string
  readonly event: string
  readonly caseId: string | null
  readonly borrowerNo: string | null
  readonly channel: string | null
}

type Listener = (events: readonly LiveEvent[]) => void

const listeners = new Set<Listener>()
let source: EventSource | null = null

/** Hears what happens while the component is there. One stream serves the whole page. */
export function useLive(listener: Listener): void {
  useEffect(() => {
    listeners.add(listener)
    source ??= open()
    return () => {
      listeners.delete(listener)
      if (listeners.size > 0) return
      source?.close()
      source = null
    }
  }, [listener])
}

function open(): EventSource {
  const made = new EventSource('/console-api/live')
  made.addEventListener('message', ({ data }) => {
    const events: readonly LiveEvent[] = JSON.parse(data)
    for (const listener of listeners) listener(events)
  })
  return made
}

/** Changes of loans come by the thousand and tell a person nothing. */
const QUIET: ReadonlySet<string> = new Set(['loan.changed', 'loan.folded'])

/** Events of one kind that came together, as one line. */
export type LiveLine = LiveEvent & { readonly count: number }

/** The newest events, newest first; those of a kind that come together are one line, so that a flood can be read. */
export function useLiveLines(most: number): readonly LiveLine[] {
  const [lines, setLines] = useState<readonly LiveLine[]>([])
  const [listen] = useState<Listener>(
    () => (news: readonly LiveEvent[]) =>
      setLines((before) => [...linesOf(news, before), ...before].slice(0, most)),
  )
  useLive(listen)
  return lines
}

function linesOf(news: readonly LiveEvent[], before: readonly LiveLine[]): LiveLine[] {
  const known = new Set(before.map(({ id }) => id))
  const fresh = news.filter(({ id, event }) => !known.has(id) && !QUIET.has(event))
  const kinds = Map.groupBy(fresh.toReversed(), ({ event, channel }) => `${event} ${channel ?? ''}`)
  return [...kinds.values()].flatMap((alike) => {
    const [first] = alike
    return first === undefined ? [] : [{ ...first, count: alike.length }]
  })
}

/** Reads addresses again when something happens to a case (or to any, without one). */
export function useFresh(keys: readonly EndpointName[], caseId?: string): void {
  const queries = useQueryClient()
  const [listen] = useState<Listener>(() => (news: readonly LiveEvent[]) => {
    if (caseId !== undefined && !news.some((each) => each.caseId === caseId)) return
    for (const key of keys) void queries.invalidateQueries({ queryKey: [key] })
  })
  useLive(listen)
}
