import { useEffect, useState } from 'react'
import { productNow } from './clock.ts'

/** The product's time, read again every so many milliseconds. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(productNow)
  useEffect(() => {
    const timer = setInterval(() => setNow(productNow()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
