import { currentLanguage, formatCount, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Input } from 'antd'
import type { ReactElement } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { type StrategyKey, useStrategyTexts } from './strategy-texts.ts'

type Item = Answer<'GET /console-api/strategies'>['items'][number]

/** The strategies that portfolios follow. */
export function StrategyListPage(): ReactElement {
  const say = useStrategyTexts()
  const navigate = useNavigate()
  const { search = '' } = useSearch({ from: '/shell/strategies' })
  const { data, error, refetch, isFetching } = useAnswer('GET /console-api/strategies', {})
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  const rows = (data?.items ?? []).filter((item) => textOf(item).includes(search.toLowerCase()))
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('title')}</h1>
        <span className="space" />
        <Input.Search
          aria-label={say('search')}
          placeholder={say('search')}
          defaultValue={search}
          allowClear
          style={{ width: 240 }}
          onSearch={(text) =>
            void navigate({ to: '/strategies', search: { search: text.trim() || undefined } })
          }
        />
      </div>
      <DataGrid
        label={say('title')}
        columns={columnsOf(say)}
        rows={rows}
        rowKey={({ name }) => name}
        onOpen={({ name }) => void navigate({ to: '/strategies/$name', params: { name } })}
        empty={isFetching ? '…' : say(search === '' ? 'empty' : 'noFit')}
      />
    </div>
  )
}

function textOf({ name, title, portfolios }: Item): string {
  return [name, title.zh, title.en, ...portfolios].join(' ').toLowerCase()
}

function columnsOf(say: Say<StrategyKey>): Column<Item>[] {
  const language = currentLanguage() === 'en' ? 'en' : 'zh'
  const count = (key: 'stages' | 'steps' | 'openCases' | 'waitingDrafts', words: StrategyKey) => ({
    key,
    title: say(words),
    width: 130,
    isNumber: true,
    show: (item: Item) => formatCount(item[key]),
  })
  return [
    { key: 'title', title: say('name'), show: ({ title }) => <strong>{title[language]}</strong> },
    { key: 'name', title: say('code'), width: 200, show: ({ name }) => name },
    { key: 'book', title: say('portfolios'), width: 180, show: (row) => row.portfolios.join(', ') },
    count('stages', 'stages'),
    count('steps', 'steps'),
    count('openCases', 'openCases'),
    count('waitingDrafts', 'waiting'),
  ]
}
