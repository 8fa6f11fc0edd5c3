import type { ReactElement } from 'react'
import { useMe } from '../../api/me.ts'
import { useAccountTexts } from './account-texts.ts'
import { CodesCard } from './codes-card.tsx'
import { PasskeysCard } from './passkeys-card.tsx'
import { PasswordCard } from './password-card.tsx'
import { SessionsCard } from './sessions-card.tsx'
import './account.css'

/** Somebody's own account: how they sign in, and where they are signed in. */
export function AccountPage(): ReactElement {
  const say = useAccountTexts()
  const { email, roles } = useMe()
  return (
    <div className="page">
      <div className="page-head">
        <h1>{say('title')}</h1>
        <span className="quiet">
          {email} · {say('roles')}: {roles.join(', ')}
        </span>
      </div>
      <div className="account">
        <CodesCard />
        <PasskeysCard />
        <PasswordCard />
        <SessionsCard />
      </div>
    </div>
  )
}
