import { Tooltip } from 'antd'
import type { ReactElement, ReactNode } from 'react'
import { type TermKey, useTermTexts } from './term-texts.ts'

/** A word of the trade, with what GLOSSARY.md says it means on hover and focus. */
export function Term({ of, children }: { of: TermKey; children: ReactNode }): ReactElement {
  const say = useTermTexts()
  return (
    <Tooltip title={say(of)} trigger={['hover', 'focus']}>
      <button type="button" className="term">
        {children}
      </button>
    </Tooltip>
  )
}
