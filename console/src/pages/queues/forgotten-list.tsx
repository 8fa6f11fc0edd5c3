import { formatCount, formatDay, type Say } from '@dunlin/ui'
import { useNavigate } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { type QueueKey, useQueueTexts } from './queue-texts.ts'

type Forgotten = Answer<'GET /console-api/forgotten'>['items'][number]

/** What nobody looks after, the longest forgotten first; a matter leads to itself, the rest to the case. */
export function ForgottenList(): ReactElement {
  const say = useQueueTexts()
  const navigate = useNavigate()
  const { data, error, refetch, isFetching } = useAnswer('GET /console-api/forgotten', {})
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  const open = ({ reason, subjectId, caseId }: Forgotten): void =>
    reason === 'matter-late'
      ? void navigate({ to: '/queues/matters/$matterId', params: { matterId: subjectId } })
      : void navigate({ to: '/cases/$caseId', params: { caseId } })
  return (
    <DataGrid
      label={say('tab.forgotten')}
      columns={columnsOf(say)}
      rows={data?.items ?? []}
      rowKey={({ reason, subjectId }) => `${reason} ${subjectId}`}
      onOpen={open}
      empty={isFetching && data === undefined ? '…' : say('noForgotten')}
    />
  )
}

function columnsOf(say: Say<QueueKey>): Column<Forgotten>[] {
  return [
    { key: 'why', title: say('why'), show: ({ reason }) => say(reason) },
    {
      key: 'late',
      title: say('lateDays'),
      width: 120,
      isNumber: true,
      show: ({ lateDays }) => <strong className="bad">{formatCount(lateDays)}</strong>,
    },
    { key: 'since', title: say('since'), width: 120, show: ({ sinceOn }) => formatDay(sinceOn) },
    { key: 'owner', title: say('owner'), width: 200, show: ({ owner }) => owner ?? '–' },
    { key: 'case', title: say('case'), width: 110, show: ({ caseId }) => caseId },
  ]
}
