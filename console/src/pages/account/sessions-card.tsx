import { formatInstant } from '@dunlin/ui'
import { useQuery } from '@tanstack/react-query'
import { Button } from 'antd'
import type { ReactElement } from 'react'
import { useMe } from '../../api/me.ts'
import { endOtherSessions, endSession, listSessions } from './account-calls.ts'
import { useAccountTexts } from './account-texts.ts'
import { useAct } from './use-act.ts'

/** Where somebody is signed in; a session that is ended reaches nothing from its next request on. */
export function SessionsCard(): ReactElement {
  const say = useAccountTexts()
  const { sessionId } = useMe()
  const { data } = useQuery({
    queryKey: ['account', 'sessions'],
    queryFn: ({ signal }) => listSessions(signal),
  })
  const end = useAct(endSession)
  const endOthers = useAct(endOtherSessions)
  const error = end.error ?? endOthers.error
  return (
    <section className="card" aria-label={say('sessions')}>
      <h2>{say('sessions')}</h2>
      <ul>
        {data?.map(({ id, token, createdAt, ipAddress, userAgent }) => (
          <li key={id}>
            <span>
              {userAgent ?? say('unknown')}{' '}
              <span className="quiet">
                {ipAddress ?? ''} · {say('since', { time: formatInstant(String(createdAt)) })}
              </span>
            </span>
            {id === sessionId ? (
              <strong className="good">{say('thisOne')}</strong>
            ) : (
              <Button size="small" loading={end.isPending} onClick={() => end.mutate(token)}>
                {say('signOut')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {(data?.length ?? 0) > 1 && (
        <Button loading={endOthers.isPending} onClick={() => endOthers.mutate()}>
          {say('signOutOthers')}
        </Button>
      )}
      {error !== null && (
        <p className="bad" role="alert">
          {say('failed', { detail: error.message })}
        </p>
      )}
    </section>
  )
}
