import type { ImportItem } from '@dunlin/contract'
import { formatCount, formatInstant, type Say } from '@dunlin/ui'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactElement } from 'react'
import { call, keyOf, useAnswer } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { FilterSelect } from '../../parts/filter-select.tsx'
import { usePages } from '../../parts/use-pages.ts'
import { type ImportSearch, KINDS, STATES } from './import-search.ts'
import { type ImportKey, isImportKey, useImportTexts } from './import-texts.ts'
import './imports.css'

const EVERY_MS = 3_000
const RUNNING_MS = 1_000

/** Files that were loaded, newest first; those under way count as one watches. */
export function ImportListPage(): ReactElement {
  const say = useImportTexts()
  const search = useSearch({ from: '/shell/imports' })
  const navigate = useNavigate()
  const { items, error, more, again, isFetching } = useImports(search)
  if (error !== null) return <Failed error={error} reset={again} />
  const isFiltered = Object.values(search).some(Boolean)
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('title')}</h1>
        <span className="space" />
        <Filters search={search} />
        <Link to="/imports/new" search={{ portfolio: search.portfolio }}>
          <Button type="primary" tabIndex={-1}>
            {say('newImport')}
          </Button>
        </Link>
      </div>
      <DataGrid
        label={say('title')}
        columns={columnsOf(say)}
        rows={items}
        rowKey={({ id }) => id}
        onOpen={({ id }) => void navigate({ to: '/imports/$importId', params: { importId: id } })}
        onEnd={more}
        empty={isFetching && items.length === 0 ? '…' : say(isFiltered ? 'noFit' : 'empty')}
      />
    </div>
  )
}

function useImports(search: ImportSearch) {
  const key = [...keyOf('GET /console-api/imports'), search]
  return usePages<ImportItem>(
    key,
    (cursor, signal) => call('GET /console-api/imports', { query: { ...search, cursor }, signal }),
    { everyMs: search.state === 'running' ? RUNNING_MS : EVERY_MS },
  )
}

function Filters({ search }: { search: ImportSearch }): ReactElement {
  const say = useImportTexts()
  const navigate = useNavigate()
  const portfolios = useAnswer('GET /console-api/portfolios', {}).data?.items ?? []
  const set = (change: ImportSearch): void =>
    void navigate({ to: '/imports', search: { ...search, ...change } })
  return (
    <>
      <FilterSelect
        label={say('portfolio')}
        any={say('anyPortfolio')}
        value={search.portfolio}
        options={portfolios.map(({ name }) => ({ value: name, label: name }))}
        onChange={(portfolio) => set({ portfolio })}
      />
      <FilterSelect
        label={say('kind')}
        any={say('anyKind')}
        value={search.kind}
        options={KINDS.map((value) => ({ value, label: say(`kind.${value}`) }))}
        onChange={(kind) => set({ kind })}
      />
      <FilterSelect
        label={say('state')}
        any={say('anyState')}
        value={search.state}
        options={STATES.map((value) => ({ value, label: say(`state.${value}`) }))}
        onChange={(state) => set({ state })}
      />
    </>
  )
}

const TONE = { running: 'warn', done: 'good', failed: 'bad' } as const

/** Its state in words and colour; a dry run says that it is one. */
export function ImportState({ item }: { item: ImportItem }): ReactElement {
  const say = useImportTexts()
  const { state, percent, isDryRun } = item
  return (
    <>
      <strong className={TONE[state]}>{say(`state.${state}`)}</strong>
      {state === 'running' && ` ${percent}%`}
      {isDryRun && <span className="quiet"> · {say('dryRun')}</span>}
    </>
  )
}

export function kindIn(say: Say<ImportKey>, kind: string): string {
  const key = `kind.${kind}`
  return isImportKey(key) ? say(key) : kind
}

function columnsOf(say: Say<ImportKey>): Column<ImportItem>[] {
  const count = (key: 'read' | 'created' | 'changed' | 'unchanged' | 'rejected') => ({
    key,
    title: say(key),
    width: 90,
    isNumber: true,
    show: (item: ImportItem) => (
      <span className={key === 'rejected' && item.rejected > 0 ? 'bad' : ''}>
        {formatCount(item[key])}
      </span>
    ),
  })
  return [
    { key: 'at', title: say('started'), width: 140, show: (row) => formatInstant(row.startedAt) },
    {
      key: 'file',
      title: say('file'),
      show: ({ fileName }) => <span title={fileName}>{fileName}</span>,
    },
    { key: 'kind', title: say('kind'), width: 110, show: ({ kind }) => kindIn(say, kind) },
    { key: 'portfolio', title: say('portfolio'), width: 130, show: (row) => row.portfolio },
    { key: 'state', title: say('state'), width: 140, show: (item) => <ImportState item={item} /> },
    ...(['read', 'created', 'changed', 'unchanged', 'rejected'] as const).map(count),
  ]
}
