import { formatCount } from '@dunlin/ui'
import type { ReactElement } from 'react'

type Props = { readonly label: string; readonly held: number; readonly capacity: number }

/** How full somebody is, in figures and as a bar. */
export function LoadMeter({ label, held, capacity }: Props): ReactElement {
  const words = `${formatCount(held)} / ${formatCount(capacity)}`
  return (
    <span className="load">
      <meter aria-label={label} min={0} max={Math.max(1, capacity)} value={held}>
        {words}
      </meter>
      <span className={held >= capacity ? 'warn' : ''}>{words}</span>
    </span>
  )
}
