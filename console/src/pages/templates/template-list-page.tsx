import { formatCount, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { FilterSelect } from '../../parts/filter-select.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import { useWord } from '../../parts/word-texts.ts'
import { CHANNELS, type TemplateListSearch } from './template-search.ts'
import { kindIn, type TemplateKey, useTemplateTexts } from './template-texts.ts'

type Item = Answer<'GET /console-api/templates'>['items'][number]

/** Every wording that goes to borrowers, by channel. */
export function TemplateListPage(): ReactElement {
  const say = useTemplateTexts()
  const word = useWord()
  const search = useSearch({ from: '/shell/templates' })
  const navigate = useNavigate()
  const { data, error, refetch, isFetching } = useAnswer('GET /console-api/templates', {})
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  const set = (change: TemplateListSearch): void =>
    void navigate({ to: '/templates', search: { ...search, ...change }, replace: true })
  const { channel, find = '' } = search
  const rows = (data?.items ?? []).filter(
    (item) => (channel === undefined || item.channel === channel) && item.id.includes(find),
  )
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('title')}</h1>
        <span className="space" />
        <FilterSelect
          label={say('channel')}
          any={say('anyChannel')}
          value={channel}
          options={CHANNELS.map((value) => ({ value, label: word(value) }))}
          onChange={(chosen) => set({ channel: chosen })}
        />
        <TextFilter
          label={say('find')}
          value={search.find}
          width={200}
          onChange={(text) => set({ find: text })}
        />
      </div>
      <p className="quiet">{say('lead')}</p>
      <DataGrid
        label={say('title')}
        columns={columnsOf(say, word)}
        rows={rows}
        rowKey={({ id }) => id}
        onOpen={({ id }) => void navigate({ to: '/templates/$id', params: { id } })}
        empty={isFetching ? '…' : say('empty')}
      />
    </div>
  )
}

function columnsOf(say: Say<TemplateKey>, word: (code: string) => string): Column<Item>[] {
  return [
    { key: 'id', title: say('id'), show: ({ id }) => <strong>{id}</strong> },
    { key: 'channel', title: say('channel'), width: 130, show: ({ channel }) => word(channel) },
    { key: 'kind', title: say('kind'), width: 130, show: ({ kind }) => kindIn(say, kind) },
    { key: 'purpose', title: say('purpose'), width: 130, show: ({ purpose }) => word(purpose) },
    {
      key: 'version',
      title: say('version'),
      width: 150,
      show: ({ isShipped }) => say(isShipped ? 'shipped' : 'changed'),
    },
    {
      key: 'waiting',
      title: say('waiting'),
      width: 130,
      isNumber: true,
      show: ({ waitingDrafts }) => formatCount(waitingDrafts),
    },
  ]
}
