import { Skeleton } from 'antd'
import type { ReactElement } from 'react'

export function Loading(): ReactElement {
  return (
    <div className="page" aria-busy="true">
      <Skeleton active paragraph={{ rows: 6 }} />
    </div>
  )
}
