import { ProblemError } from '@dunlin/ui'
import { useCallback, useEffect, useState } from 'react'
import { go } from './route.ts'

export type Loaded<Value> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly code: string }
  | { readonly state: 'ready'; readonly value: Value }

/** What a call answers, read when the page opens and again when it is asked to. */
export function useAnswer<Value>(load: () => Promise<Value>): [Loaded<Value>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<Value>>({ state: 'loading' })
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let isOver = false
    void turn
    load().then(
      (value) => isOver || setLoaded({ state: 'ready', value }),
      (error: unknown) => isOver || setLoaded({ state: 'failed', code: codeOf(error) }),
    )
    return () => {
      isOver = true
    }
  }, [turn, load])
  return [loaded, useCallback(() => setTurn((last) => last + 1), [])]
}

/** The code of what went wrong; without a session the page of those without one is shown. */
export function codeOf(error: unknown): string {
  if (!(error instanceof ProblemError)) return 'network'
  if (error.code === 'portal.no_session') go('out')
  return error.code
}
