import { formatInstant } from '@dunlin/ui'
import { Alert, Input } from 'antd'
import { type ReactElement, useState } from 'react'
import { type Answer, useChange } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { useTemplateTexts } from './template-texts.ts'

type Draft = Answer<'GET /console-api/templates/:id'>['drafts'][number]

/** Drafts, newest first: what they say, and the second person's word. */
export function DraftList({ drafts }: { drafts: readonly Draft[] }): ReactElement {
  const say = useTemplateTexts()
  if (drafts.length === 0) return <p className="empty card">{say('noDrafts')}</p>
  return (
    <div className="stacked">
      {drafts.map((draft) => (
        <DraftCard key={draft.id} draft={draft} />
      ))}
    </div>
  )
}

const TONE = { draft: 'warn', released: 'good', rejected: 'bad' } as const

function DraftCard({ draft }: { draft: Draft }): ReactElement {
  const say = useTemplateTexts()
  const { state, writtenBy, writtenAt, reviewedBy, reviewedAt, reviewNote } = draft
  return (
    <section className="card stacked" aria-label={draft.note}>
      <div>
        <strong className={TONE[state]}>{say(`state.${state}`)}</strong> · {draft.note}
        <p className="quiet">{say('writtenBy', { by: writtenBy, at: formatInstant(writtenAt) })}</p>
        {reviewedBy !== null && reviewedAt !== null && (
          <p className="quiet">
            {say('reviewedBy', {
              ...{ by: reviewedBy, at: formatInstant(reviewedAt), note: reviewNote ?? '' },
            })}
          </p>
        )}
      </div>
      <details>
        <summary>{say('showSource')}</summary>
        <pre className="template-text">{draft.source}</pre>
      </details>
      {state === 'draft' && <Review draft={draft} />}
    </section>
  )
}

function Review({ draft: { id, isMine } }: { draft: Draft }): ReactElement {
  const say = useTemplateTexts()
  const may = useMay('strategy.review')
  const [note, setNote] = useState('')
  const review = useChange('POST /console-api/template-drafts/:draftId/review', [
    'GET /console-api/templates/:id',
    'GET /console-api/templates',
  ])
  const missing = note.trim() === '' ? say('noteFirst') : null
  const reason = isMine ? say('ownDraft') : missing
  const send = (verdict: 'released' | 'rejected') => (): void =>
    review.mutate({ params: { draftId: id }, body: { verdict, note } })
  const given = { may, reason, loading: review.isPending }
  return (
    <>
      {review.error !== null && <Alert type="error" showIcon title={review.error.message} />}
      <Input
        aria-label={say('reviewNote')}
        placeholder={say('reviewNote')}
        value={note}
        maxLength={1000}
        onChange={({ target }) => setNote(target.value)}
      />
      <div className="page-head">
        <ActionButton type="primary" {...given} onClick={send('released')}>
          {say('release')}
        </ActionButton>
        <ActionButton {...given} onClick={send('rejected')}>
          {say('reject')}
        </ActionButton>
      </div>
    </>
  )
}
