import type { CheckpointItem } from '@dunlin/contract'
import { formatCount, formatInstant } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import type { ReactElement } from 'react'
import { call, keyOf } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { usePages } from '../../parts/use-pages.ts'
import { EvidenceExport } from './evidence-export.tsx'
import { EvidenceLog } from './evidence-log.tsx'
import { TABS } from './evidence-search.ts'
import { type EvidenceKey, useEvidenceTexts } from './evidence-texts.ts'
import { useEvidence } from './use-evidence.ts'
import './evidence.css'

type Tab = (typeof TABS)[number]

/** The log of decisions: how far it is chained, whether it holds, and what may be taken away of it. */
export function EvidencePage(): ReactElement {
  const say = useEvidenceTexts()
  const { tab = 'log' } = useSearch({ from: '/shell/evidence' })
  const navigate = useNavigate()
  const { data, error, refetch } = useEvidence()
  if (error !== null && data === undefined)
    return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  return (
    <div className={tab === 'checkpoints' ? 'page fill' : 'page'}>
      <div className="page-head">
        <h1>{say('title')}</h1>
        <Segmented<Tab>
          aria-label={say('tabs')}
          value={tab}
          options={TABS.map((value) => ({ value, label: say(`tab.${value}`) }))}
          onChange={(value) => void navigate({ to: '/evidence', search: { tab: value } })}
        />
      </div>
      <p className="quiet">{say('lead')}</p>
      {tab === 'log' && <EvidenceLog data={data} />}
      {tab === 'export' && <EvidenceExport data={data} />}
      {tab === 'checkpoints' && <Checkpoints />}
    </div>
  )
}

const BATCHES = 'GET /console-api/evidence/batches'

function Checkpoints(): ReactElement {
  const say = useEvidenceTexts()
  const { items, error, more, again, isFetching } = usePages<CheckpointItem>(
    keyOf(BATCHES),
    (cursor, signal) => call(BATCHES, { query: { cursor }, signal }),
  )
  if (error !== null) return <Failed error={error} reset={again} />
  return (
    <DataGrid
      label={say('tab.checkpoints')}
      columns={columnsOf(say)}
      rows={items}
      rowKey={({ sequence }) => String(sequence)}
      onEnd={more}
      empty={isFetching ? '…' : say('noHead')}
    />
  )
}

function columnsOf(say: (key: EvidenceKey) => string): Column<CheckpointItem>[] {
  const hash = (text: string): ReactElement => (
    <code className="hash" title={text}>
      {text}
    </code>
  )
  return [
    { key: 'batch', title: say('batch'), width: 90, isNumber: true, show: (row) => row.sequence },
    {
      key: 'decisions',
      title: say('decisions'),
      width: 90,
      isNumber: true,
      show: ({ leaves }) => formatCount(leaves),
    },
    {
      key: 'decided',
      title: say('decidedAt'),
      width: 130,
      show: (row) => formatInstant(row.decidedAt),
    },
    {
      key: 'sealed',
      title: say('sealedAt'),
      width: 130,
      show: (row) => formatInstant(row.sealedAt),
    },
    { key: 'hash', title: say('hash'), show: (row) => hash(row.hash) },
    { key: 'root', title: say('root'), width: 240, show: (row) => hash(row.root) },
  ]
}
