import { Input } from 'antd'
import type { ReactElement } from 'react'

type Props = {
  readonly label: string
  readonly value: string | undefined
  readonly onChange: (value: string | undefined) => void
  readonly width?: number
}

/** A filter that is typed: taken with Enter, taken away when it is emptied. */
export function TextFilter({ label, value, onChange, width = 170 }: Props): ReactElement {
  return (
    <Input.Search
      key={value ?? ''}
      aria-label={label}
      placeholder={label}
      defaultValue={value ?? ''}
      allowClear
      style={{ width }}
      onSearch={(text) => onChange(text.trim() === '' ? undefined : text.trim())}
    />
  )
}
