import type { PastDeal } from '@dunlin/contract'
import { formatCount, formatInstant, type Say } from '@dunlin/ui'
import { useNavigate } from '@tanstack/react-router'
import { type ReactElement, useState } from 'react'
import { call, keyOf, useChange } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { usePages } from '../../parts/use-pages.ts'
import { type AssignmentKey, useAssignmentTexts } from './assignment-texts.ts'
import { ReasonSheet } from './reason-sheet.tsx'

/** Deals, newest first: by whom, by which seed, what became of them; and their undoing. */
export function PastDealList(): ReactElement {
  const say = useAssignmentTexts()
  const navigate = useNavigate()
  const [undoing, setUndoing] = useState<PastDeal | null>(null)
  const { items, error, more, again, isFetching } = usePages<PastDeal>(
    keyOf('GET /console-api/deals'),
    (cursor, signal) => call('GET /console-api/deals', { query: { cursor }, signal }),
  )
  if (error !== null) return <Failed error={error} reset={again} />
  return (
    <>
      <DataGrid
        label={say('tab.deals')}
        columns={columnsOf(say, setUndoing)}
        rows={items}
        rowKey={({ id }) => id}
        onOpen={({ id }) =>
          void navigate({ to: '/assignment', search: { tab: 'moves', dealId: id } })
        }
        onEnd={more}
        empty={isFetching && items.length === 0 ? '…' : say('noDeals')}
      />
      {undoing !== null && <UndoDeal deal={undoing} onClose={() => setUndoing(null)} />}
    </>
  )
}

function UndoDeal({ deal, onClose }: { deal: PastDeal; onClose: () => void }): ReactElement {
  const say = useAssignmentTexts()
  const undo = useChange('POST /console-api/deals/:dealId/undo', [
    ...(['GET /console-api/deals', 'GET /console-api/moves'] as const),
    ...(['GET /console-api/agents', 'GET /console-api/waiting'] as const),
  ])
  const send = (reason: string): void =>
    undo.mutate({ params: { dealId: deal.id }, body: { reason } }, { onSuccess: onClose })
  return (
    <ReasonSheet
      title={say('undoDeal', { id: deal.id })}
      lead={say('undoDealLead', { count: formatCount(deal.held) })}
      ok={say('undo')}
      isSending={undo.isPending}
      error={undo.error}
      onSend={send}
      onClose={onClose}
    />
  )
}

function columnsOf(say: Say<AssignmentKey>, onUndo: (deal: PastDeal) => void): Column<PastDeal>[] {
  const count = (key: 'cases' | 'left' | 'held', title: AssignmentKey): Column<PastDeal> => ({
    ...{ key, title: say(title), width: 100, isNumber: true },
    show: (deal) => formatCount(deal[key]),
  })
  return [
    { key: 'id', title: say('dealId'), width: 90, show: ({ id }) => <strong>{id}</strong> },
    { key: 'at', title: say('at'), width: 140, show: ({ at }) => formatInstant(at) },
    { key: 'by', title: say('by'), width: 200, show: ({ by }) => <span title={by}>{by}</span> },
    { key: 'portfolio', title: say('portfolio'), show: ({ portfolio }) => portfolio },
    count('cases', 'dealtCases'),
    count('left', 'left'),
    count('held', 'held'),
    {
      key: 'seed',
      title: say('seed'),
      width: 120,
      isNumber: true,
      show: ({ seed, digest }) => <span title={digest}>{seed}</span>,
    },
    {
      key: 'undo',
      title: say('undo'),
      width: 230,
      show: (deal) =>
        deal.undoneBy === null ? (
          <ActionButton
            size="small"
            reason={deal.held === 0 ? say('nothingHeld') : null}
            onClick={(event) => {
              event.stopPropagation()
              onUndo(deal)
            }}
          >
            {say('undo')}
          </ActionButton>
        ) : (
          <span className="quiet">
            {say('undone', { by: deal.undoneBy, at: formatInstant(deal.undoneAt ?? deal.at) })}
          </span>
        ),
    },
  ]
}
