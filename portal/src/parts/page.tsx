import { type ReactNode, useEffect, useRef } from 'react'

/** A page with its one heading, which is told and focused when the page opens. */
export function Page({ title, children }: { title: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = title
    heading.current?.focus()
    scrollTo(0, 0)
  }, [title])
  return (
    <main>
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </main>
  )
}
