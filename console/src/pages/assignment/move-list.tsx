import type { CaseMove } from '@dunlin/contract'
import { formatInstant, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactElement, useState } from 'react'
import { call, keyOf, useAnswer, useChange } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { FilterSelect } from '../../parts/filter-select.tsx'
import { usePages } from '../../parts/use-pages.ts'
import type { AssignmentSearch } from './assignment-search.ts'
import { type AssignmentKey, useAssignmentTexts } from './assignment-texts.ts'
import { MoveSheet } from './move-sheet.tsx'
import { ReasonSheet } from './reason-sheet.tsx'

/** Every move: who, when, why, from whom to whom; and its undoing while nothing else happened to the case. */
export function MoveList(): ReactElement {
  const say = useAssignmentTexts()
  const navigate = useNavigate()
  const { agent, dealId, hand } = useSearch({ from: '/shell/assignment' })
  const [undoing, setUndoing] = useState<CaseMove | null>(null)
  const query = { agent, dealId, ...(hand === true ? ({ hand: 'true' } as const) : {}) }
  const { items, error, more, again, isFetching } = usePages<CaseMove>(
    [...keyOf('GET /console-api/moves'), query],
    (cursor, signal) => call('GET /console-api/moves', { query: { ...query, cursor }, signal }),
  )
  if (error !== null) return <Failed error={error} reset={again} />
  const isFiltered = Object.values(query).some(Boolean)
  return (
    <>
      <Filters />
      <DataGrid
        label={say('tab.moves')}
        columns={columnsOf(say, setUndoing)}
        rows={items}
        rowKey={({ id }) => id}
        onOpen={({ caseId }) => void navigate({ to: '/cases/$caseId', params: { caseId } })}
        onEnd={more}
        empty={isFetching && items.length === 0 ? '…' : say(isFiltered ? 'noFit' : 'noMoves')}
      />
      {undoing !== null && <UndoMove move={undoing} onClose={() => setUndoing(null)} />}
    </>
  )
}

function Filters(): ReactElement {
  const say = useAssignmentTexts()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/assignment' })
  const [isMoving, setMoving] = useState(false)
  const agents = useAnswer('GET /console-api/agents', {}).data?.items ?? []
  const set = (change: AssignmentSearch): void =>
    void navigate({ to: '/assignment', search: { ...search, ...change } })
  return (
    <div className="page-head">
      <FilterSelect
        label={say('agent')}
        any={say('anyAgent')}
        value={search.agent}
        options={agents.map(({ login, name }) => ({ value: login, label: name }))}
        onChange={(agent) => set({ agent })}
      />
      <Button
        aria-pressed={search.hand === true}
        type={search.hand === true ? 'primary' : 'default'}
        onClick={() => set({ hand: search.hand === true ? undefined : true })}
      >
        {say('byHand')}
      </Button>
      {search.dealId !== undefined && (
        <Button aria-pressed="true" type="primary" onClick={() => set({ dealId: undefined })}>
          {say('ofDeal', { id: search.dealId })} ×
        </Button>
      )}
      <span className="space" />
      <Button type="primary" onClick={() => setMoving(true)}>
        {say('move')}
      </Button>
      {isMoving && <MoveSheet agents={agents} onClose={() => setMoving(false)} />}
    </div>
  )
}

function UndoMove({ move, onClose }: { move: CaseMove; onClose: () => void }): ReactElement {
  const say = useAssignmentTexts()
  const undo = useChange('POST /console-api/moves/:moveId/undo', [
    ...(['GET /console-api/moves', 'GET /console-api/agents'] as const),
    'GET /console-api/waiting',
  ])
  const send = (reason: string): void =>
    undo.mutate({ params: { moveId: move.id }, body: { reason } }, { onSuccess: onClose })
  return (
    <ReasonSheet
      title={`${say('undoMove')} · ${move.borrowerNo}`}
      lead={say('undoMoveLead', { case: move.caseId, to: move.from ?? say('nobodyName') })}
      ok={say('undo')}
      isSending={undo.isPending}
      error={undo.error}
      onSend={send}
      onClose={onClose}
    />
  )
}

function columnsOf(say: Say<AssignmentKey>, onUndo: (move: CaseMove) => void): Column<CaseMove>[] {
  const nobody = <span className="quiet">{say('nobodyName')}</span>
  return [
    { key: 'at', title: say('at'), width: 140, show: ({ at }) => formatInstant(at) },
    { key: 'no', title: say('borrower'), width: 120, show: ({ borrowerNo }) => borrowerNo },
    { key: 'case', title: say('case'), width: 90, show: ({ caseId }) => caseId },
    { key: 'from', title: say('from'), width: 120, show: ({ from }) => from ?? nobody },
    {
      key: 'to',
      title: say('to'),
      width: 120,
      show: ({ to }) => (to === null ? nobody : <strong>{to}</strong>),
    },
    {
      key: 'reason',
      title: say('reason'),
      show: ({ reason, dealId }) => (
        <span title={reason}>
          {dealId === null ? reason : `${say('byRule')} · ${say('deal', { id: dealId })}`}
        </span>
      ),
    },
    { key: 'by', title: say('by'), width: 200, show: ({ by }) => <span title={by}>{by}</span> },
    {
      key: 'undo',
      title: say('undo'),
      width: 100,
      show: (move) => (
        <ActionButton
          size="small"
          reason={move.isLatest ? null : say('movedSince')}
          onClick={(event) => {
            event.stopPropagation()
            onUndo(move)
          }}
        >
          {say('undo')}
        </ActionButton>
      ),
    },
  ]
}
