import { Select } from 'antd'
import type { ReactElement } from 'react'

type Props<Value extends string> = {
  readonly label: string
  /** What stands for "all". */
  readonly any: string
  readonly value: Value | undefined
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly onChange: (value: Value | undefined) => void
  readonly width?: number
}

/** One filter of a list; its first choice takes the filter away. */
export function FilterSelect<Value extends string>(props: Props<Value>): ReactElement {
  const { label, any, value, options, onChange, width = 140 } = props
  return (
    <Select<string>
      aria-label={label}
      value={value ?? ''}
      style={{ minWidth: width }}
      options={[{ value: '', label: any }, ...options]}
      onChange={(chosen) => onChange(options.find((each) => each.value === chosen)?.value)}
    />
  )
}
