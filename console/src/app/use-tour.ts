import { useState } from 'react'
import { useMe } from '../api/me.ts'

const SEEN = 'dunlin.tour'

/** Whether the tour is shown: by itself once on a demo, later when it is asked for. */
export function useTour(): { isShown: boolean; show: () => void; end: () => void } {
  const { isDemo } = useMe()
  const [isShown, setShown] = useState(() => isDemo && localStorage.getItem(SEEN) === null)
  const end = (): void => {
    localStorage.setItem(SEEN, 'seen')
    setShown(false)
  }
  return { isShown, show: () => setShown(true), end }
}
