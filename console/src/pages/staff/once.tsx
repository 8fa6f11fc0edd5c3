import { Alert } from 'antd'
import type { ReactElement } from 'react'
import { useStaffTexts } from './staff-texts.ts'

/** A password that is told once. */
export function Once({ password }: { password: string }): ReactElement {
  const say = useStaffTexts()
  return (
    <Alert
      type="success"
      title={
        <>
          {say('passwordOnce')} <code>{password}</code>
        </>
      }
    />
  )
}
