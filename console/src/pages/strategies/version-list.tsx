import { formatCount, formatInstant } from '@dunlin/ui'
import { Alert, Input } from 'antd'
import { type ReactElement, useState } from 'react'
import { type Answer, useChange } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { useStrategyTexts } from './strategy-texts.ts'

type Strategy = Answer<'GET /console-api/strategies/:name'>
type Version = Strategy['versions'][number]
type Props = Pick<Strategy, 'name' | 'hash' | 'versions'>
const HASH_SHOWN = 10

/** Every version that ever planned or was released, newest first, and the way back to it. */
export function VersionList({ name, hash, versions }: Props): ReactElement {
  const say = useStrategyTexts()
  if (versions.length === 0) return <p className="empty card">{say('noVersions')}</p>
  return (
    <div className="stack">
      {versions.map((version) => (
        <VersionCard
          key={version.versionId}
          name={name}
          version={version}
          isInForce={version.hash === hash}
        />
      ))}
    </div>
  )
}

type CardProps = { readonly name: string; readonly version: Version; readonly isInForce: boolean }

function VersionCard({ name, version, isInForce }: CardProps): ReactElement {
  const say = useStrategyTexts()
  const { hash, firstUsedAt, openCases, releases } = version
  return (
    <section className="card stack" aria-label={say('version', { hash })}>
      <div>
        <h2>
          {say('version', { hash: hash.slice(0, HASH_SHOWN) })}{' '}
          {isInForce && <span className="good">{say('inForce')}</span>}
        </h2>
        <p>
          {say('firstUsed', { at: formatInstant(firstUsedAt) })} ·{' '}
          {say('planned', { count: formatCount(openCases) })}
        </p>
        {releases.length === 0 && <p className="quiet">{say('shipped')}</p>}
        {releases.map(({ by, at, reason }) => (
          <p key={`${at} ${by}`} className="quiet">
            {say('releasedBy', { by, at: formatInstant(at), reason })}
          </p>
        ))}
      </div>
      <RollBack name={name} version={version} isInForce={isInForce} />
    </section>
  )
}

function RollBack({ name, version: { versionId }, isInForce }: CardProps): ReactElement {
  const say = useStrategyTexts()
  const may = useMay('strategy.review')
  const [reason, setReason] = useState('')
  const back = useChange('POST /console-api/strategies/:name/roll-back', [
    'GET /console-api/strategies/:name',
  ])
  const missing = reason.trim() === '' ? say('noteFirst') : null
  return (
    <div className="page-head">
      {back.error !== null && <Alert type="error" showIcon title={back.error.message} />}
      {!isInForce && (
        <Input
          aria-label={say('rollBackReason')}
          placeholder={say('rollBackReason')}
          value={reason}
          maxLength={1000}
          style={{ width: 260 }}
          onChange={({ target }) => setReason(target.value)}
        />
      )}
      <ActionButton
        may={may}
        reason={isInForce ? say('alreadyInForce') : missing}
        loading={back.isPending}
        onClick={() => back.mutate({ params: { name }, body: { versionId, reason } })}
      >
        {say('rollBack')}
      </ActionButton>
    </div>
  )
}
