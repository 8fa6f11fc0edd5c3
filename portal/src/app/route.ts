import { useSyncExternalStore } from 'react'

/** Where we are: the address after the hash, as words between slashes. */
export function useRoute(): readonly string[] {
  const hash = useSyncExternalStore(follow, () => location.hash)
  return hash.replace(/^#\/?/, '').split('/')
}

export function go(place: string): void {
  location.hash = `#/${place}`
}

function follow(onChange: () => void): () => void {
  addEventListener('hashchange', onChange)
  return () => removeEventListener('hashchange', onChange)
}
