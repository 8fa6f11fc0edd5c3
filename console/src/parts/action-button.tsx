import { CAPABILITIES } from '@dunlin/contract/roles'
import { Button, type ButtonProps, Tooltip } from 'antd'
import type { ReactElement } from 'react'
import type { May } from '../api/me.ts'
import { useShellTexts } from '../app/shell-texts.ts'

type Props = Omit<ButtonProps, 'disabled'> & {
  /** Whether the person may; from `useMay`. */
  readonly may?: May
  /** Why it cannot be done now, in words of the server or the page; null: it can. */
  readonly reason?: string | null
}

/** A button that says why when it cannot be used. It keeps its place in the tab order, so that the reason can be read. */
export function ActionButton({ may, reason = null, onClick, ...rest }: Props): ReactElement {
  const say = useShellTexts()
  const why =
    may?.can === false ? say('needsRole', { roles: CAPABILITIES[may.needs].join(', ') }) : reason
  if (why === null) return <Button {...rest} onClick={onClick} />
  return (
    <Tooltip title={why} trigger={['hover', 'focus']}>
      <Button {...rest} aria-disabled="true" className="unusable" onClick={undefined} />
    </Tooltip>
  )
}
