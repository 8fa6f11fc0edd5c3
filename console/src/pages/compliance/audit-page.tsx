import type { AuditItem } from '@dunlin/contract'
import { formatInstant } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { call, keyOf } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import { usePages } from '../../parts/use-pages.ts'
import type { AuditSearch } from './compliance-search.ts'
import { type ComplianceKey, useComplianceTexts } from './compliance-texts.ts'
import './compliance.css'

const LIST = 'GET /console-api/audit'
const FILTERS = [
  ['actor', 'who'],
  ['action', 'action'],
  ['subject', 'subject'],
] as const

/** Who changed what, and who looked at whose data. */
export function AuditPage(): ReactElement {
  const say = useComplianceTexts()
  const search = useSearch({ from: '/shell/audit' })
  const navigate = useNavigate()
  const set = (change: AuditSearch): void =>
    void navigate({ to: '/audit', search: { ...search, ...change } })
  const { items, error, more, again, isFetching } = usePages<AuditItem>(
    [...keyOf(LIST), search],
    (cursor, signal) => call(LIST, { query: { ...search, cursor }, signal }),
  )
  if (error !== null) return <Failed error={error} reset={again} />
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('audit')}</h1>
        <span className="space" />
        {FILTERS.map(([name, words]) => (
          <TextFilter
            key={name}
            label={say(words)}
            value={search[name]}
            onChange={(value) => set({ [name]: value })}
          />
        ))}
      </div>
      <p className="quiet">{say('auditLead')}</p>
      <DataGrid
        label={say('audit')}
        columns={columnsOf(say)}
        rows={items}
        rowKey={({ id }) => id}
        onOpen={({ actor }) => set({ actor })}
        onEnd={more}
        empty={isFetching && items.length === 0 ? '…' : say('noAudit')}
      />
    </div>
  )
}

function columnsOf(say: (key: ComplianceKey) => string): Column<AuditItem>[] {
  return [
    { key: 'at', title: say('at'), width: 140, show: ({ at }) => formatInstant(at) },
    { key: 'who', title: say('who'), width: 210, show: ({ actor }) => actor },
    { key: 'action', title: say('action'), width: 200, show: ({ action }) => action },
    { key: 'subject', title: say('subject'), width: 200, show: ({ subject }) => subject },
    {
      key: 'detail',
      title: say('detail'),
      show: ({ detail }) => {
        const text = Object.entries(detail)
          .map(
            ([name, value]) =>
              `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
          )
          .join(', ')
        return <span title={text}>{text === '' ? '–' : text}</span>
      },
    },
  ]
}
