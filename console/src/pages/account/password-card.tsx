import { Input } from 'antd'
import { type ReactElement, useState } from 'react'
import { ActionButton } from '../../parts/action-button.tsx'
import { changePassword } from './account-calls.ts'
import { useAccountTexts } from './account-texts.ts'
import { useAct } from './use-act.ts'

const CHARS_MIN = 12

export function PasswordCard(): ReactElement {
  const say = useAccountTexts()
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const act = useAct(changePassword)
  const send = (): void => {
    if (old === '' || next.length < CHARS_MIN) return
    act.mutate(
      { old, next },
      {
        onSuccess: () => {
          setOld('')
          setNext('')
        },
      },
    )
  }
  return (
    <form
      className="card"
      aria-label={say('password')}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <h2>{say('password')}</h2>
      <Input.Password
        aria-label={say('old')}
        placeholder={say('old')}
        autoComplete="current-password"
        visibilityToggle={false}
        value={old}
        onChange={({ target }) => setOld(target.value)}
      />
      <Input.Password
        aria-label={say('next')}
        placeholder={say('next')}
        autoComplete="new-password"
        visibilityToggle={false}
        value={next}
        onChange={({ target }) => setNext(target.value)}
      />
      <ActionButton
        htmlType="submit"
        loading={act.isPending}
        reason={old === '' || next.length < CHARS_MIN ? say('fillIn') : null}
      >
        {say('change')}
      </ActionButton>
      {act.error !== null && (
        <p className="bad" role="alert">
          {say('failed', { detail: act.error.message })}
        </p>
      )}
      {act.isSuccess && (
        <p className="good" role="status">
          {say('changed')}
        </p>
      )}
    </form>
  )
}
