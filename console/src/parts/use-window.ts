import { type RefObject, useEffect, useState } from 'react'

/** Rows kept above and below those in sight, so that a scroll shows no gap. */
const MARGIN = 8

export type Sight = {
  readonly first: number
  /** One past the last. */
  readonly last: number
  /** Rows that fit. */
  readonly page: number
}

/** Which rows of a scrolled box are in sight. */
export function useWindow(
  box: RefObject<HTMLElement | null>,
  given: { rowPx: number; count: number; onEnd: (() => void) | undefined },
): Sight {
  const { rowPx, count, onEnd } = given
  const [sight, setSight] = useState({ top: 0, height: 800 })
  useEffect(() => {
    const element = box.current
    if (element === null) return
    const look = (): void => setSight({ top: element.scrollTop, height: element.clientHeight })
    const sizes = new ResizeObserver(look)
    sizes.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [box])
  const page = Math.max(1, Math.floor(sight.height / rowPx) - 1)
  const first = Math.max(0, Math.floor(sight.top / rowPx) - MARGIN)
  const last = Math.min(count, first + page + 2 * MARGIN + 2)
  const isAtEnd = count > 0 && last >= count
  useEffect(() => {
    if (isAtEnd) onEnd?.()
  }, [isAtEnd, onEnd])
  return { first, last, page }
}
