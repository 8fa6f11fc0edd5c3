import { Alert, App, Input } from 'antd'
import { type ReactElement, useState } from 'react'
import { type Answer, useChange } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Once } from './once.tsx'
import { useStaffTexts } from './staff-texts.ts'

type Person = Answer<'GET /console-api/staff'>['items'][number]
const LIST = ['GET /console-api/staff'] as const

/** A way back in for who lost theirs, and the way out. */
export function AccessPart({ person }: { person: Person }): ReactElement {
  const say = useStaffTexts()
  const { message } = App.useApp()
  const { userId, disabledAt, hasTwoFactor, isMe } = person
  const params = { userId }
  const [reason, setReason] = useState('')
  const password = useChange('POST /console-api/staff/:userId/password', LIST)
  const codes = useChange('POST /console-api/staff/:userId/two-factor', LIST)
  const access = useChange('POST /console-api/staff/:userId/access', LIST)
  const own = isMe ? say('own') : null
  const isOut = disabledAt === null
  const failed = password.error ?? codes.error ?? access.error
  return (
    <section className="stacked" aria-label={say('access')}>
      <h2>{say('access')}</h2>
      <p className="quiet">{say('newPasswordLead')}</p>
      <div className="page-head">
        <ActionButton
          reason={own}
          loading={password.isPending}
          onClick={() => password.mutate({ params, body: {} })}
        >
          {say('newPassword')}
        </ActionButton>
        <ActionButton
          reason={own ?? (hasTwoFactor ? null : say('noCodes'))}
          loading={codes.isPending}
          onClick={() =>
            codes.mutate(
              { params, body: {} },
              { onSuccess: () => void message.success(say('codesRemoved')) },
            )
          }
        >
          {say('removeCodes')}
        </ActionButton>
      </div>
      {password.data !== undefined && <Once password={password.data.password} />}
      <div className="page-head">
        <Input
          aria-label={say('reason')}
          placeholder={say('reason')}
          value={reason}
          maxLength={500}
          style={{ width: 260 }}
          onChange={({ target }) => setReason(target.value)}
        />
        <ActionButton
          danger={isOut}
          reason={own ?? (reason.trim() === '' ? say('reasonFirst') : null)}
          loading={access.isPending}
          onClick={() => access.mutate({ params, body: { isOut, reason } })}
        >
          {say(isOut ? 'shut' : 'open')}
        </ActionButton>
      </div>
      {failed !== null && <Alert type="error" showIcon title={failed.message} />}
    </section>
  )
}
