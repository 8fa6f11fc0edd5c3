import type { ReactElement } from 'react'

export function Logo(): ReactElement {
  return (
    <svg width="24" height="24" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#0f5c5c" />
      <path d="M7 19c4-8 11-9 15-5l4 1-4 2c-3 6-10 7-15 2z" fill="#fff" />
    </svg>
  )
}
