import { formatInstant, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import { type ReactElement, useState } from 'react'
import { useAnswer } from '../../api/client.ts'
import { type May, useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { STATES } from './personal-data-search.ts'
import { type PersonalDataKey, usePersonalDataTexts, wordOf } from './personal-data-texts.ts'
import { AskSheet, DecideSheet, type Wish } from './wish-sheets.tsx'

const WISHES = 'GET /console-api/personal-data/erasures'
type State = (typeof STATES)[number]

/** Wishes to delete a person's data; those that wait are decided here. */
export function WishList(): ReactElement {
  const say = usePersonalDataTexts()
  const { state = 'waiting' } = useSearch({ from: '/shell/personal-data' })
  const navigate = useNavigate()
  const may = useMay('compliance.act')
  const [deciding, setDeciding] = useState<Wish | null>(null)
  const [isAsking, setAsking] = useState(false)
  const { data, error, refetch } = useAnswer(WISHES, { query: { state } })
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const isWaiting = state === 'waiting'
  return (
    <>
      <div className="page-head">
        <Segmented<State>
          aria-label={say('state')}
          value={state}
          options={STATES.map((value) => ({ value, label: say(`state.${value}`) }))}
          onChange={(value) => void navigate({ to: '/personal-data', search: { state: value } })}
        />
        <span className="space" />
        <ActionButton may={may} onClick={() => setAsking(true)}>
          {say('ask')}
        </ActionButton>
      </div>
      <p className="quiet">{say('wishesLead')}</p>
      <DataGrid
        label={say('tab.wishes')}
        columns={
          isWaiting ? waitingColumns(say, { may, onDecide: setDeciding }) : decidedColumns(say)
        }
        rows={data.items}
        rowKey={({ id }) => id}
        empty={say(isWaiting ? 'noWishes' : 'noDecided')}
      />
      {deciding !== null && <DecideSheet wish={deciding} onClose={() => setDeciding(null)} />}
      {isAsking && <AskSheet onClose={() => setAsking(false)} />}
    </>
  )
}

function commonColumns(say: Say<PersonalDataKey>): Column<Wish>[] {
  return [
    { key: 'no', title: say('borrower'), width: 140, show: ({ borrowerNo }) => borrowerNo },
    {
      key: 'by',
      title: say('askedBy'),
      width: 200,
      show: ({ askedBy }) => wordOf(say, 'by', askedBy),
    },
    { key: 'at', title: say('askedAt'), width: 140, show: ({ askedAt }) => formatInstant(askedAt) },
    { key: 'until', title: say('earliest'), width: 110, show: ({ earliestOn }) => earliestOn },
  ]
}

function waitingColumns(
  say: Say<PersonalDataKey>,
  { may, onDecide }: { may: May; onDecide: (wish: Wish) => void },
): Column<Wish>[] {
  return [
    ...commonColumns(say),
    {
      key: 'standing',
      title: say('standing'),
      show: ({ because }) => (because === null ? <strong>{say('mayGo')}</strong> : say(because)),
    },
    {
      key: 'decide',
      title: say('decide'),
      width: 100,
      show: (wish) => (
        <ActionButton
          size="small"
          may={may}
          reason={wish.isMine ? say('own') : null}
          onClick={() => onDecide(wish)}
        >
          {say('decide')}
        </ActionButton>
      ),
    },
  ]
}

function decidedColumns(say: Say<PersonalDataKey>): Column<Wish>[] {
  return [
    ...commonColumns(say),
    { key: 'decider', title: say('decidedBy'), width: 200, show: ({ decidedBy }) => decidedBy },
    {
      key: 'reason',
      title: say('reason'),
      show: ({ reason }) => <span title={reason ?? ''}>{reason}</span>,
    },
  ]
}
