import { useEffect, useRef } from 'react'

/** What a key does; null: nothing now. */
export type Keys = Readonly<Record<string, (() => void) | null | undefined>>

/** Single keys that work anywhere but where somebody types, and not behind an open dialog. */
export function useKeys(keys: Keys): void {
  const now = useRef(keys)
  useEffect(() => {
    now.current = keys
  })
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
      if (
        isTyping(event.target) ||
        isPressing(event) ||
        document.querySelector('dialog[open]') !== null
      )
        return
      const act = now.current[event.key] ?? now.current[event.key.toLowerCase()]
      if (act == null) return
      event.preventDefault()
      act()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

/** Enter on a button or a link is that button's. */
function isPressing({ key, target }: KeyboardEvent): boolean {
  return key === 'Enter' && target instanceof HTMLElement && target.closest(PRESSED) !== null
}

const PRESSED = 'button, a, summary, label'

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select') !== null
}
