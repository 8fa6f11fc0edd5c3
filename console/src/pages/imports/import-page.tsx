import type { ImportItem } from '@dunlin/contract'
import { formatCount, formatInstant, type Say } from '@dunlin/ui'
import { Link, useParams } from '@tanstack/react-router'
import { Alert, Button, Progress } from 'antd'
import type { ReactElement } from 'react'
import { type Answer, call, keyOf, useAnswer } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { usePages } from '../../parts/use-pages.ts'
import { ImportState, kindIn } from './import-list-page.tsx'
import { KINDS } from './import-search.ts'
import { type ImportKey, isImportKey, useImportTexts } from './import-texts.ts'
import './imports.css'

type Reject = Answer<'GET /console-api/imports/:importId/rejects'>['items'][number]
const EVERY_MS = 700

/** One import: how far it is, what came of it, and each row that did not load with its reason. */
export function ImportPage(): ReactElement {
  const say = useImportTexts()
  const { importId } = useParams({ from: '/shell/imports/$importId' })
  const { data, error, refetch } = useImport(importId)
  if (error !== null && data === undefined)
    return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('one', { id: importId })}</h1>
        <ImportState item={data} />
        <span className="space" />
        <Link to="/imports">{say('all')}</Link>
      </div>
      <p className="quiet file-line">
        {data.fileName} · {kindIn(say, data.kind)} · {data.portfolio} ·{' '}
        {formatInstant(data.startedAt)}
      </p>
      <Notes item={data} />
      <Counts item={data} />
      <Rejects item={data} />
    </div>
  )
}

function useImport(importId: string) {
  const given = { params: { importId } }
  const known = useAnswer('GET /console-api/imports/:importId', given)
  const isRunning = known.data?.state === 'running'
  return useAnswer('GET /console-api/imports/:importId', given, {
    ...(isRunning ? { everyMs: EVERY_MS } : {}),
  })
}

function Notes({ item }: { item: ImportItem }): ReactElement | null {
  const say = useImportTexts()
  const { state, percent, read, isDryRun, error, portfolio, kind } = item
  if (state === 'running') {
    return (
      <div className="card">
        <Progress percent={percent} status="active" aria-label={say('progressLabel')} />
        <span className="quiet">{say('progress', { percent, rows: formatCount(read) })}</span>
      </div>
    )
  }
  if (state === 'failed')
    return <Alert type="error" showIcon title={say('failedBecause', { reason: error ?? '' })} />
  if (!isDryRun) return null
  return (
    <Alert
      type="info"
      showIcon
      title={say('dryRunNote')}
      action={
        <Link
          to="/imports/new"
          search={{ portfolio, kind: KINDS.find((each) => each === kind), isReal: true }}
        >
          <Button size="small" tabIndex={-1}>
            {say('loadIt')}
          </Button>
        </Link>
      }
    />
  )
}

const COUNTS = ['read', 'created', 'changed', 'unchanged', 'rejected'] as const

function Counts({ item }: { item: ImportItem }): ReactElement {
  const say = useImportTexts()
  return (
    <dl className="import-counts">
      {COUNTS.map((key) => (
        <div key={key} className="card">
          <dt className="quiet">{say(key)}</dt>
          <dd className={key === 'rejected' && item.rejected > 0 ? 'bad' : ''}>
            {formatCount(item[key])}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function Rejects({ item }: { item: ImportItem }): ReactElement {
  const say = useImportTexts()
  const { id: importId, state, rejected } = item
  const { items, error, more, again } = usePages<Reject>(
    [...keyOf('GET /console-api/imports/:importId/rejects'), importId, state],
    (cursor, signal) =>
      call('GET /console-api/imports/:importId/rejects', {
        params: { importId },
        query: { cursor },
        signal,
      }),
  )
  if (error !== null) return <Failed error={error} reset={again} />
  const hasNone = state !== 'running' && rejected === 0
  return (
    <>
      <div className="page-head">
        <h2>{say('rejects')}</h2>
        <span className="space" />
        <ActionButton
          reason={rejected === 0 ? say('nothingToDownload') : null}
          {...(rejected > 0 ? { href: `/console-api/imports/${importId}/reject-file` } : {})}
        >
          {say('download')}
        </ActionButton>
      </div>
      {rejected > 0 && <p className="quiet">{say('rejectsHint')}</p>}
      <DataGrid
        label={say('rejects')}
        columns={columnsOf(say)}
        rows={items}
        rowKey={({ line, code, column }) => `${line} ${code} ${column ?? ''}`}
        onEnd={more}
        empty={say(hasNone ? 'noRejects' : 'waiting')}
      />
    </>
  )
}

function columnsOf(say: Say<ImportKey>): Column<Reject>[] {
  return [
    { key: 'line', title: say('line'), width: 80, isNumber: true, show: ({ line }) => line },
    { key: 'column', title: say('column'), width: 180, show: ({ column }) => column ?? '–' },
    { key: 'value', title: say('value'), width: 150, show: ({ value }) => value ?? '–' },
    {
      key: 'why',
      title: say('why'),
      width: 300,
      show: ({ code }) => <span title={code}>{isImportKey(code) ? say(code) : code}</span>,
    },
    {
      key: 'detail',
      title: say('detail'),
      show: ({ reason }) => <span title={reason}>{reason}</span>,
    },
  ]
}
