import { useQueryClient } from '@tanstack/react-query'
import { Input } from 'antd'
import { type ReactElement, useState } from 'react'
import { renderSVG } from 'uqr'
import { keyOf } from '../../api/client.ts'
import { useMe } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { beginCodes, confirmCodes, endCodes } from './account-calls.ts'
import { useAccountTexts } from './account-texts.ts'
import { useAct } from './use-act.ts'

/** One-time codes: a secret is scanned, and in force once a code of it was shown. */
export function CodesCard(): ReactElement {
  const say = useAccountTexts()
  const { hasTwoFactor } = useMe()
  const [password, setPassword] = useState('')
  const begin = useAct(beginCodes)
  const end = useAct(endCodes)
  const readMe = useReadMe()
  const act = hasTwoFactor ? end : begin
  const send = (): void => {
    if (password === '') return
    setPassword('')
    if (hasTwoFactor) end.mutate(password, { onSuccess: readMe })
    else begin.mutate(password)
  }
  return (
    <section className="card" aria-label={say('codes')}>
      <h2>{say('codes')}</h2>
      <p className={hasTwoFactor ? 'good' : 'quiet'}>
        {say(hasTwoFactor ? 'codesOn' : 'codesLead')}
      </p>
      {begin.data === undefined || hasTwoFactor ? (
        <form
          className="line"
          onSubmit={(event) => {
            event.preventDefault()
            send()
          }}
        >
          <Input.Password
            aria-label={say('old')}
            placeholder={say('old')}
            autoComplete="current-password"
            visibilityToggle={false}
            value={password}
            onChange={({ target }) => setPassword(target.value)}
          />
          <ActionButton
            htmlType="submit"
            loading={act.isPending}
            reason={password === '' ? say('fillIn') : null}
          >
            {say(hasTwoFactor ? 'end' : 'begin')}
          </ActionButton>
        </form>
      ) : (
        <Confirm made={begin.data} onDone={readMe} />
      )}
      {act.error !== null && (
        <p className="bad" role="alert">
          {say('failed', { detail: act.error.message })}
        </p>
      )}
    </section>
  )
}

function useReadMe(): () => void {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ queryKey: keyOf('GET /console-api/me') })
}

type ConfirmGiven = {
  readonly made: Awaited<ReturnType<typeof beginCodes>>
  readonly onDone: () => void
}

function Confirm({ made, onDone }: ConfirmGiven): ReactElement {
  const say = useAccountTexts()
  const [code, setCode] = useState('')
  const act = useAct(confirmCodes)
  const picture = `data:image/svg+xml;utf8,${encodeURIComponent(renderSVG(made.totpURI))}`
  const secret = new URL(made.totpURI).searchParams.get('secret') ?? ''
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        act.mutate(code, { onSuccess: onDone })
      }}
    >
      <p>{say('scan')}</p>
      <img src={picture} alt="QR" width={180} height={180} />
      <p className="quiet">{say('secret', { secret })}</p>
      <p>{say('backup')}</p>
      <pre className="codes">{made.backupCodes.join('\n')}</pre>
      <div className="line">
        <Input
          aria-label={say('code')}
          placeholder={say('code')}
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          onChange={({ target }) => setCode(target.value)}
        />
        <ActionButton
          htmlType="submit"
          type="primary"
          loading={act.isPending}
          reason={/^\d{6}$/.test(code) ? null : say('fillIn')}
        >
          {say('confirm')}
        </ActionButton>
      </div>
      {act.error !== null && (
        <p className="bad" role="alert">
          {say('failed', { detail: act.error.message })}
        </p>
      )}
    </form>
  )
}
