import { formatCount, formatMoney, formatShare, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactElement } from 'react'
import { useAnswer } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { FilterSelect } from '../../parts/filter-select.tsx'
import { useWord } from '../../parts/word-texts.ts'
import type { ProviderSearch } from './provider-search.ts'
import { deliveredShare, type Provider, stateOf, TONE } from './provider-state.ts'
import { type ProviderKey, useProviderTexts } from './provider-texts.ts'

const EVERY_MS = 5_000

/** Accounts that messages go out through, and how each fares. */
export function ProviderListPage(): ReactElement {
  const say = useProviderTexts()
  const word = useWord()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/providers' })
  const { data, error, refetch, isFetching } = useAnswer(
    'GET /console-api/providers',
    {},
    { everyMs: EVERY_MS },
  )
  if (error !== null && data === undefined)
    return <Failed error={error} reset={() => void refetch()} />
  const all = data?.items ?? []
  const rows = all.filter(
    (row) =>
      (search.channel ?? row.channel) === row.channel &&
      (search.trouble !== true || stateOf(row) !== 'ready'),
  )
  const isFiltered = all.length > 0
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('title')}</h1>
        <span className="space" />
        <Filters search={search} all={all} />
      </div>
      <DataGrid
        label={say('title')}
        columns={columnsOf(say, word)}
        rows={rows}
        rowKey={({ name }) => name}
        onOpen={({ name }) => void navigate({ to: '/providers/$name', params: { name } })}
        empty={isFetching && data === undefined ? '…' : say(isFiltered ? 'noFit' : 'empty')}
      />
    </div>
  )
}

type FilterProps = { readonly search: ProviderSearch; readonly all: readonly Provider[] }

function Filters({ search, all }: FilterProps): ReactElement {
  const say = useProviderTexts()
  const word = useWord()
  const navigate = useNavigate()
  const set = (change: ProviderSearch): void =>
    void navigate({ to: '/providers', search: { ...search, ...change } })
  const troubled = all.filter((row) => stateOf(row) !== 'ready').length
  const channels = [...new Set(all.map(({ channel }) => channel))]
  return (
    <>
      <Button
        aria-pressed={search.trouble === true}
        type={search.trouble === true ? 'primary' : 'default'}
        onClick={() => set({ trouble: search.trouble === true ? undefined : true })}
      >
        {say('trouble', { count: troubled })}
      </Button>
      <FilterSelect
        label={say('channel')}
        any={say('anyChannel')}
        value={search.channel}
        options={channels.map((value) => ({ value, label: word(value) }))}
        onChange={(channel) => set({ channel })}
      />
    </>
  )
}

function columnsOf(say: Say<ProviderKey>, word: (text: string) => string): Column<Provider>[] {
  return [
    { key: 'name', title: say('account'), show: ({ name }) => <strong>{name}</strong> },
    { key: 'channel', title: say('channel'), width: 110, show: ({ channel }) => word(channel) },
    {
      key: 'state',
      title: say('state'),
      width: 150,
      show: (row) => <strong className={TONE[stateOf(row)]}>{say(stateOf(row))}</strong>,
    },
    {
      key: 'carries',
      title: say('carries'),
      width: 160,
      show: ({ carries }) =>
        carries.length === 0 ? say('nothing') : carries.map((each) => say(each)).join(', '),
    },
    number(say('sent'), ({ lastHour }) => formatCount(lastHour.sent)),
    number(say('perMinute'), ({ lastHour }) => String(lastHour.perMinute)),
    number(say('delivered'), (row) => shareIn(row)),
    number(say('failed'), ({ lastHour }) => formatCount(lastHour.failed + lastHour.unknown)),
    number(say('cost'), (row) => costIn(row)),
    number(say('backlog'), ({ backlog }) => formatCount(backlog)),
  ]
}

function number(title: string, show: (row: Provider) => string): Column<Provider> {
  return { key: title, title, width: 90, isNumber: true, show }
}

function shareIn(row: Provider): string {
  const share = deliveredShare(row)
  return share === null ? '–' : formatShare(share)
}

/** What the last hour cost; a dash where a message had no known rate. */
export function costIn({ lastHour: { costMinor }, cost }: Provider): string {
  return costMinor === null || cost === null ? '–' : formatMoney(costMinor, cost.currency)
}
