import type { PlacementItem } from '@dunlin/contract'
import { formatCount, formatInstant, formatMoney, type Say } from '@dunlin/ui'
import { type ReactElement, useState } from 'react'
import { useAnswer, useChange } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { type AssignmentKey, useAssignmentTexts } from './assignment-texts.ts'
import { PlaceSheet } from './place-sheet.tsx'
import { ReasonSheet } from './reason-sheet.tsx'

/** Batches that outside agencies work, newest first, with what was recovered; given and taken back here. */
export function PlacementList(): ReactElement {
  const say = useAssignmentTexts()
  const [isPlacing, setPlacing] = useState(false)
  const [recalling, setRecalling] = useState<PlacementItem | null>(null)
  const { data, error, refetch } = useAnswer('GET /console-api/placements', {})
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  return (
    <>
      <div className="page-head">
        <p className="quiet">{say('outsideLead')}</p>
        <span className="space" />
        <ActionButton
          type="primary"
          reason={data.agencies.length === 0 ? say('noPlacements') : null}
          onClick={() => setPlacing(true)}
        >
          {say('place')}
        </ActionButton>
      </div>
      <DataGrid
        label={say('tab.outside')}
        columns={columnsOf(say, setRecalling)}
        rows={data.items}
        rowKey={({ id }) => id}
        empty={say('noPlacements')}
      />
      {isPlacing && <PlaceSheet choices={data} onClose={() => setPlacing(false)} />}
      {recalling !== null && <Recall batch={recalling} onClose={() => setRecalling(null)} />}
    </>
  )
}

function Recall({ batch, onClose }: { batch: PlacementItem; onClose: () => void }): ReactElement {
  const say = useAssignmentTexts()
  const { id, name, open } = batch
  const recall = useChange('POST /console-api/placements/:placementId/recall', [
    'GET /console-api/placements',
    'GET /console-api/waiting',
  ])
  return (
    <ReasonSheet
      title={say('recallTitle', { name })}
      lead={say('recallBatchLead', { count: formatCount(open) })}
      ok={say('recall')}
      isSending={recall.isPending}
      error={recall.error}
      onSend={(reason) =>
        recall.mutate({ params: { placementId: id }, body: { reason } }, { onSuccess: onClose })
      }
      onClose={onClose}
    />
  )
}

function columnsOf(
  say: Say<AssignmentKey>,
  onRecall: (batch: PlacementItem) => void,
): Column<PlacementItem>[] {
  const money = (key: 'placedMinor' | 'collectedMinor', title: AssignmentKey) => ({
    ...{ key, title: say(title), width: 115, isNumber: true },
    show: (item: PlacementItem) => formatMoney(item[key], item.currency),
  })
  const count = (key: 'cases' | 'open', title: AssignmentKey) => ({
    ...{ key, title: say(title), width: 85, isNumber: true },
    show: (item: PlacementItem) => formatCount(item[key]),
  })
  return [
    { key: 'name', title: say('placementName'), show: ({ name }) => <strong>{name}</strong> },
    { key: 'agency', title: say('agency'), width: 110, show: ({ agency }) => agency },
    { key: 'book', title: say('portfolio'), width: 100, show: ({ portfolio }) => portfolio },
    { key: 'at', title: say('placedAt'), width: 120, show: (row) => formatInstant(row.placedAt) },
    { key: 'until', title: say('recallOn'), width: 110, show: ({ recallOn }) => recallOn },
    count('cases', 'placedCases'),
    count('open', 'openCases'),
    money('placedMinor', 'placedAmount'),
    money('collectedMinor', 'collected'),
    {
      key: 'recall',
      title: say('recall'),
      width: 120,
      show: (batch) =>
        batch.recalledAt === null ? (
          <ActionButton size="small" onClick={() => onRecall(batch)}>
            {say('recall')}
          </ActionButton>
        ) : (
          <span className="quiet">{say('recalled', { at: formatInstant(batch.recalledAt) })}</span>
        ),
    },
  ]
}
