import { formatInstant } from '@dunlin/ui'
import { Alert, Input } from 'antd'
import { type ReactElement, useState } from 'react'
import { type Answer, useChange } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { useTemplateTexts } from './template-texts.ts'

type Template = Answer<'GET /console-api/templates/:id'>
type Release = Template['releases'][number]

/** What was in force, the latest first, and the way back to each text. */
export function ReleaseList({ template }: { template: Template }): ReactElement {
  const { releases, hasShipped } = template
  const current = releases.at(0)?.draftId ?? null
  const texts = Map.groupBy(releases, ({ draftId }) => draftId)
  if (hasShipped && !texts.has(null)) texts.set(null, [])
  return (
    <div className="stacked">
      {[...texts].map(([draftId, history]) => (
        <TextCard
          key={draftId ?? 'shipped'}
          id={template.id}
          draftId={draftId}
          history={history}
          isInForce={draftId === current}
        />
      ))}
    </div>
  )
}

type CardProps = {
  readonly id: string
  readonly draftId: string | null
  readonly history: readonly Release[]
  readonly isInForce: boolean
}

function TextCard({ id, draftId, history, isInForce }: CardProps): ReactElement {
  const say = useTemplateTexts()
  return (
    <section className="card stacked" aria-label={draftId ?? say('shippedText')}>
      <div>
        <h2>
          {draftId === null ? say('shippedText') : say('draftText', { id: draftId })}{' '}
          {isInForce && <span className="good">{say('inForce')}</span>}
        </h2>
        {history.map(({ by, at, reason }) => (
          <p key={`${at} ${by}`} className="quiet">
            {say('releasedBy', { by, at: formatInstant(at), reason })}
          </p>
        ))}
      </div>
      {!isInForce && <RollBack id={id} draftId={draftId} />}
    </section>
  )
}

function RollBack({ id, draftId }: Pick<CardProps, 'id' | 'draftId'>): ReactElement {
  const say = useTemplateTexts()
  const may = useMay('strategy.review')
  const [reason, setReason] = useState('')
  const back = useChange('POST /console-api/templates/:id/roll-back', [
    'GET /console-api/templates/:id',
    'GET /console-api/templates',
  ])
  return (
    <div className="page-head">
      {back.error !== null && <Alert type="error" showIcon title={back.error.message} />}
      <Input
        aria-label={say('rollBackReason')}
        placeholder={say('rollBackReason')}
        value={reason}
        maxLength={1000}
        style={{ width: 260 }}
        onChange={({ target }) => setReason(target.value)}
      />
      <ActionButton
        may={may}
        reason={reason.trim() === '' ? say('noteFirst') : null}
        loading={back.isPending}
        onClick={() => back.mutate({ params: { id }, body: { draftId, reason } })}
      >
        {say('rollBack')}
      </ActionButton>
    </div>
  )
}
