import type { WorkItem } from '@dunlin/contract'
import { formatDay, formatInstant } from '@dunlin/ui'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Button, Segmented } from 'antd'
import { type ReactElement, useEffect, useState } from 'react'
import { type Answer, keyOf, useAnswer, useChange } from '../../api/client.ts'
import { type LiveEvent, useLive } from '../../api/live.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { type DeskKey, useDeskTexts } from './desk-texts.ts'
import { keepScope, nextAsked, SCOPES } from './passed-over.ts'
import { ShortcutSheet } from './shortcut-sheet.tsx'
import { useKeys } from './use-keys.ts'
import './desk.css'

const LIST = 'GET /console-api/desk/worklist'
const EVERY_MS = 15_000
/** News come by the second: the list is read again at most this often. */
const REST_MS = 3_000

/** Who is next and why; one key takes the most urgent whom nobody works on. */
export function WorklistPage(): ReactElement {
  const say = useDeskTexts()
  const { scope, left } = useSearch({ from: '/shell/desk' })
  const navigate = useNavigate()
  const may = useMay('case.work')
  const [isHelp, setHelp] = useState(false)
  const query = scope === undefined ? {} : { scope }
  const { data, error, refetch } = useAnswer(LIST, { query }, { everyMs: EVERY_MS })
  useFreshList()
  useEffect(() => keepScope(scope), [scope])
  const ask = useChange('POST /console-api/desk/next')
  const open = (caseId: string): void => void navigate({ to: '/cases/$caseId', params: { caseId } })
  const next = (): void => {
    if (ask.isPending || !may.can) return
    const onSuccess = ({ caseId }: { caseId: string | null }): void => {
      if (caseId !== null) open(caseId)
    }
    ask.mutate({ body: { ...nextAsked(), not: [] } }, { onSuccess })
  }
  useKeys({ n: next, '?': () => setHelp(true) })
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  const isLeft = ask.data?.caseId === null || (left === true && data?.items.length !== 0)
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('worklist')}</h1>
        <span className="quiet">{say('workedToday', { count: data?.workedToday ?? 0 })}</span>
        <span className="space" />
        <Segmented
          aria-label={say('scope')}
          value={scope ?? data?.scope ?? 'team'}
          options={SCOPES.map((value) => ({ value, label: say(`scope.${value}`) }))}
          onChange={(value) => void navigate({ to: '/desk', search: { scope: value } })}
        />
        <Button onClick={() => setHelp(true)}>
          {say('keys')} <kbd>?</kbd>
        </Button>
        <ActionButton type="primary" may={may} loading={ask.isPending} onClick={next}>
          {say('next')} <kbd>N</kbd>
        </ActionButton>
      </div>
      {isLeft && <Alert type="info" showIcon title={say('nobodyLeft')} />}
      <p className="quiet">{say('order')}</p>
      {data?.items.length === 0 ? (
        <Empty scope={data.scope} />
      ) : (
        <DataGrid
          label={say('worklist')}
          columns={columnsOf(say)}
          rows={data?.items ?? []}
          rowKey={({ caseId }) => caseId}
          onOpen={({ caseId }) => open(caseId)}
          empty="…"
        />
      )}
      {data?.isCut === true && (
        <p className="quiet">{say('isCut', { count: data.items.length })}</p>
      )}
      {isHelp && <ShortcutSheet onClose={() => setHelp(false)} />}
    </div>
  )
}

function Empty({ scope }: { scope: Answer<typeof LIST>['scope'] }): ReactElement {
  const say = useDeskTexts()
  const navigate = useNavigate()
  return (
    <section className="card empty">
      <h2>{say('emptyTitle')}</h2>
      <p>{say(scope === 'mine' ? 'emptyMine' : 'empty')}</p>
      {scope === 'mine' && (
        <Button onClick={() => void navigate({ to: '/desk', search: { scope: 'team' } })}>
          {say('seeTeam')}
        </Button>
      )}
    </section>
  )
}

/** Reads the list again when something happens, with a rest between. */
function useFreshList(): void {
  const queries = useQueryClient()
  const [listen] = useState(() => {
    let isResting = false
    return (_news: readonly LiveEvent[]): void => {
      if (isResting) return
      isResting = true
      setTimeout(() => {
        isResting = false
        void queries.invalidateQueries({ queryKey: keyOf(LIST) })
      }, REST_MS)
    }
  })
  useLive(listen)
}

const TONES: Partial<Record<WorkItem['reason'], string>> = {
  callback: 'bad',
  answer: 'bad',
  'promise-due': 'warn',
  'promise-broken': 'warn',
  new: 'good',
}

function columnsOf(say: (key: DeskKey) => string): Column<WorkItem>[] {
  return [
    {
      key: 'why',
      title: say('why'),
      width: 150,
      show: ({ reason }) => (
        <span className={`tag ${TONES[reason] ?? 'quiet'}`}>{say(`reason.${reason}`)}</span>
      ),
    },
    { key: 'since', title: say('since'), width: 130, show: ({ since }) => sinceOf(since) },
    { key: 'name', title: say('borrower'), width: 120, show: ({ name }) => name },
    { key: 'no', title: '№', width: 110, show: ({ borrowerNo }) => borrowerNo },
    { key: 'stage', title: say('stage'), width: 90, show: ({ stage }) => stage ?? '–' },
    { key: 'dpd', title: say('dpd'), width: 100, isNumber: true, show: ({ dpd }) => dpd },
    { key: 'agent', title: say('agent'), show: ({ agent }) => agent ?? '–' },
    {
      key: 'holder',
      title: say('holder'),
      width: 130,
      show: ({ holder, isMine }) =>
        holder === null ? '–' : <span className="warn">{isMine ? say('isMine') : holder}</span>,
    },
  ]
}

function sinceOf(since: string | null): string {
  if (since === null) return '–'
  return since.includes('T') ? formatInstant(since) : formatDay(since)
}
