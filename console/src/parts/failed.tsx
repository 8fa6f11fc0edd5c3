import { ProblemError } from '@dunlin/ui'
import { Button, Result } from 'antd'
import type { ReactElement } from 'react'
import { useShellTexts } from '../app/shell-texts.ts'

/** What stands in the place of what could not be shown; the request id is what support asks for. */
export function Failed({ error, reset }: { error: unknown; reset?: () => void }): ReactElement {
  const say = useShellTexts()
  const isProblem = error instanceof ProblemError
  const detail = error instanceof Error ? error.message : ''
  return (
    <Result
      status={isProblem && error.status === 404 ? '404' : 'warning'}
      title={say('failed')}
      subTitle={
        <>
          {detail}
          {isProblem && error.requestId !== null && <div className="quiet">{error.requestId}</div>}
        </>
      }
      extra={
        reset === undefined ? null : (
          <Button type="primary" onClick={reset}>
            {say('again')}
          </Button>
        )
      }
    />
  )
}
