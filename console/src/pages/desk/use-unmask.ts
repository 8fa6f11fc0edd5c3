import { useEffect, useState } from 'react'
import { type Asked, call } from '../../api/client.ts'

const UNMASK = 'POST /console-api/desk/cases/:caseId/points/:contactPointId/unmask'
export type UnmaskGiven = NonNullable<Asked<typeof UNMASK>['body']>
type Shown = {
  readonly contactPointId: string
  readonly value: string
  readonly shownSeconds: number
}

export type Unmask = {
  /** The contact point in the clear, for as long as the server says; kept nowhere else in the page. */
  readonly shown: Shown | null
  /** Masks again what is shown, and forgets why something was not. */
  readonly hide: () => void
  readonly isAsking: boolean
  readonly error: Error | null
  readonly ask: (contactPointId: string, body: UnmaskGiven) => Promise<boolean>
}

/** One contact point of a case in the clear at a time. */
export function useUnmask(caseId: string): Unmask {
  const [shown, setShown] = useState<Shown | null>(null)
  const [isAsking, setAsking] = useState(false)
  const [error, setError] = useState<Error | null>(null)
  const hide = (): void => {
    setShown(null)
    setError(null)
  }
  useEffect(() => {
    if (shown === null) return
    const timer = setTimeout(() => setShown(null), shown.shownSeconds * 1_000)
    return () => clearTimeout(timer)
  }, [shown])
  const ask = async (contactPointId: string, body: UnmaskGiven): Promise<boolean> => {
    setAsking(true)
    setError(null)
    try {
      const answer = await call(UNMASK, { params: { caseId, contactPointId }, body })
      setShown({ contactPointId, ...answer })
      return true
    } catch (failure) {
      setError(failure instanceof Error ? failure : new Error(String(failure)))
      return false
    } finally {
      setAsking(false)
    }
  }
  return { shown, hide, isAsking, error, ask }
}
