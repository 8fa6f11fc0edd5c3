import { formatCount, formatInstant, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Input } from 'antd'
import type { ReactElement } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import type { PersonalDataSearch } from './personal-data-search.ts'
import { type PersonalDataKey, usePersonalDataTexts, wordOf } from './personal-data-texts.ts'

const LOOKS = 'GET /console-api/personal-data/looks'
type Look = Answer<typeof LOOKS>['items'][number]

/** Who looked at borrowers' data how often in some days. */
export function LookList(): ReactElement {
  const say = usePersonalDataTexts()
  const search = useSearch({ from: '/shell/personal-data' })
  const { from, to, actor } = search
  const navigate = useNavigate()
  const { data, error, refetch } = useAnswer(LOOKS, { query: { from, to, actor } })
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const set = (change: PersonalDataSearch): void =>
    void navigate({ to: '/personal-data', search: { ...search, ...change }, replace: true })
  return (
    <>
      <p className="quiet">{say('looksLead')}</p>
      <div className="filters">
        <TextFilter label={say('actor')} value={actor} onChange={(who) => set({ actor: who })} />
        <Day label={say('from')} value={data.from} onChange={(day) => set({ from: day })} />
        <Day label={say('to')} value={data.to} onChange={(day) => set({ to: day })} />
      </div>
      <DataGrid
        label={say('tab.looks')}
        columns={columnsOf(say)}
        rows={data.items}
        rowKey={({ actor: who, action }) => `${who} ${action}`}
        onOpen={({ actor: who, action }) =>
          void navigate({ to: '/audit', search: { actor: who, action } })
        }
        empty={say('noLooks')}
      />
    </>
  )
}

type DayProps = {
  readonly label: string
  readonly value: string
  readonly onChange: (day: string) => void
}

function Day({ label, value, onChange }: DayProps): ReactElement {
  return (
    <Input
      type="date"
      aria-label={label}
      value={value}
      onChange={({ target }) => target.value !== '' && onChange(target.value)}
    />
  )
}

function columnsOf(say: Say<PersonalDataKey>): Column<Look>[] {
  return [
    { key: 'who', title: say('actor'), width: 240, show: ({ actor }) => actor },
    { key: 'kind', title: say('kind'), show: ({ action }) => wordOf(say, 'look', action) },
    {
      key: 'times',
      title: say('times'),
      width: 90,
      isNumber: true,
      show: ({ times }) => formatCount(times),
    },
    {
      key: 'subjects',
      title: say('subjects'),
      width: 90,
      isNumber: true,
      show: ({ subjects }) => formatCount(subjects),
    },
    { key: 'last', title: say('last'), width: 140, show: ({ lastAt }) => formatInstant(lastAt) },
  ]
}
