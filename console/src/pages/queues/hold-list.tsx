import { formatInstant, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Input, Modal } from 'antd'
import { type ReactElement, useState } from 'react'
import { type Answer, call, keyOf, useAnswer, useChange } from '../../api/client.ts'
import { type May, useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { FilterSelect } from '../../parts/filter-select.tsx'
import { usePages } from '../../parts/use-pages.ts'
import { type QueueKey, useQueueTexts, wordIn } from './queue-texts.ts'

type Hold = Answer<'GET /console-api/holds'>['items'][number]

/** Holds in force; one is ended with a reason, unless a matter or a plan needs it. */
export function HoldList(): ReactElement {
  const say = useQueueTexts()
  const { hold: kind } = useSearch({ from: '/shell/queues' })
  const navigate = useNavigate()
  const may = useMay('case.hold')
  const [ending, setEnding] = useState<Hold | null>(null)
  const { items, error, more, again, isFetching } = usePages<Hold>(
    [...keyOf('GET /console-api/holds'), kind],
    (cursor, signal) => call('GET /console-api/holds', { query: { kind, cursor }, signal }),
  )
  const kinds = useAnswer('GET /console-api/holds', { query: { limit: 1 } }).data?.kinds ?? []
  if (error !== null) return <Failed error={error} reset={again} />
  return (
    <>
      <div className="page-head">
        <span className="space" />
        <FilterSelect
          label={say('kind')}
          any={say('anyKind')}
          width={180}
          value={kind}
          options={kinds.map((each) => ({
            value: each.kind,
            label: `${wordIn(say, each.kind)} (${each.count})`,
          }))}
          onChange={(hold) => void navigate({ to: '/queues', search: { tab: 'holds', hold } })}
        />
      </div>
      <DataGrid
        label={say('tab.holds')}
        columns={columnsOf(say, { may, onEnd: setEnding })}
        rows={items}
        rowKey={({ id }) => id}
        onOpen={({ caseId }) => void navigate({ to: '/cases/$caseId', params: { caseId } })}
        onEnd={more}
        empty={
          isFetching && items.length === 0 ? '…' : say(kind === undefined ? 'noHolds' : 'noFit')
        }
      />
      {ending !== null && <EndHold hold={ending} onClose={() => setEnding(null)} />}
    </>
  )
}

function EndHold({ hold, onClose }: { hold: Hold; onClose: () => void }): ReactElement {
  const say = useQueueTexts()
  const [reason, setReason] = useState('')
  const end = useChange('POST /console-api/holds/:holdId/end', ['GET /console-api/holds'])
  const send = (): void =>
    end.mutate({ params: { holdId: hold.id }, body: { reason } }, { onSuccess: onClose })
  return (
    <Modal
      open
      title={`${say('endTitle')} · ${wordIn(say, hold.kind)} · ${hold.borrowerNo}`}
      okText={say('endHold')}
      cancelText={say('cancel')}
      okButtonProps={{ disabled: reason.trim() === '', loading: end.isPending }}
      onOk={send}
      onCancel={onClose}
    >
      <div className="stacked">
        <p>{say('endLead')}</p>
        <Input.TextArea
          aria-label={say('endReason')}
          placeholder={say('endReason')}
          value={reason}
          maxLength={500}
          rows={3}
          autoFocus
          onChange={({ target }) => setReason(target.value)}
        />
        {end.error !== null && <Alert type="error" showIcon title={end.error.message} />}
      </div>
    </Modal>
  )
}

function whyNot(say: Say<QueueKey>, { matterId, kind }: Hold): string | null {
  if (matterId !== null) return say('endsWithMatter', { id: matterId })
  return kind === 'plan-active' ? say('endsWithPlan') : null
}

function columnsOf(
  say: Say<QueueKey>,
  { may, onEnd }: { may: May; onEnd: (hold: Hold) => void },
): Column<Hold>[] {
  return [
    {
      key: 'kind',
      title: say('kind'),
      width: 150,
      show: ({ kind }) => <strong>{wordIn(say, kind)}</strong>,
    },
    { key: 'no', title: say('borrower'), width: 120, show: ({ borrowerNo }) => borrowerNo },
    {
      key: 'scope',
      title: say('scope'),
      width: 140,
      show: ({ scope }) =>
        scope.length === 0 ? say('whole') : scope.map((each) => wordIn(say, each)).join(', '),
    },
    { key: 'from', title: say('from'), width: 130, show: ({ from }) => formatInstant(from) },
    {
      key: 'to',
      title: say('to'),
      width: 130,
      show: ({ to }) => (to === null ? say('openEnd') : formatInstant(to)),
    },
    {
      key: 'reason',
      title: say('reason'),
      show: ({ reason }) => <span title={reason}>{wordIn(say, reason)}</span>,
    },
    { key: 'source', title: say('source'), width: 160, show: ({ source }) => source },
    {
      key: 'end',
      title: say('endHold'),
      width: 100,
      show: (hold) => (
        <ActionButton
          size="small"
          may={may}
          reason={whyNot(say, hold)}
          onClick={(event) => {
            event.stopPropagation()
            onEnd(hold)
          }}
        >
          {say('endHold')}
        </ActionButton>
      ),
    },
  ]
}
