import type { DecisionItem } from '@dunlin/contract'
import { formatInstant } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Input } from 'antd'
import type { ReactElement } from 'react'
import { call, keyOf } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { FilterSelect } from '../../parts/filter-select.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import { usePages } from '../../parts/use-pages.ts'
import { useWord } from '../../parts/word-texts.ts'
import { type DecisionSearch, VERDICTS } from './compliance-search.ts'
import { type ComplianceKey, useComplianceTexts } from './compliance-texts.ts'
import './compliance.css'

const LIST = 'GET /console-api/decisions'
const EVERY_MS = 10_000
export const TONES = { permit: 'good', defer: 'warn', refuse: 'bad', unknown: 'quiet' } as const

/** What the gate answered, by day, verdict, rule and borrower. */
export function DecisionListPage(): ReactElement {
  const say = useComplianceTexts()
  const word = useWord()
  const search = useSearch({ from: '/shell/decisions' })
  const navigate = useNavigate()
  const { items, error, more, again, isFetching } = usePages<DecisionItem>(
    [...keyOf(LIST), search],
    (cursor, signal) => call(LIST, { query: { ...search, cursor }, signal }),
    { everyMs: EVERY_MS },
  )
  if (error !== null) return <Failed error={error} reset={again} />
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('decisions')}</h1>
        <span className="space" />
        <Filters search={search} />
      </div>
      <p className="quiet">{say('decisionsLead')}</p>
      <DataGrid
        label={say('decisions')}
        columns={columnsOf(say, word)}
        rows={items}
        rowKey={({ id }) => id}
        onOpen={({ id }) =>
          void navigate({ to: '/decisions/$decisionId/why', params: { decisionId: id } })
        }
        onEnd={more}
        empty={isFetching && items.length === 0 ? '…' : say('noDecisions')}
      />
    </div>
  )
}

function Filters({ search }: { search: DecisionSearch }): ReactElement {
  const say = useComplianceTexts()
  const navigate = useNavigate()
  const set = (change: DecisionSearch): void =>
    void navigate({ to: '/decisions', search: { ...search, ...change } })
  const day = (name: 'from' | 'to'): ReactElement => (
    <Input
      type="date"
      aria-label={say(name)}
      style={{ width: 150 }}
      value={search[name] ?? ''}
      onChange={({ target }) => set({ [name]: target.value === '' ? undefined : target.value })}
    />
  )
  return (
    <>
      {day('from')}
      {day('to')}
      <FilterSelect
        label={say('verdict')}
        any={say('anyVerdict')}
        value={search.verdict}
        options={VERDICTS.map((value) => ({ value, label: say(`verdict.${value}`) }))}
        onChange={(verdict) => set({ verdict })}
      />
      <TextFilter label={say('rule')} value={search.rule} onChange={(rule) => set({ rule })} />
      <TextFilter
        label={say('borrowerNo')}
        value={search.borrower}
        onChange={(borrower) => set({ borrower })}
      />
    </>
  )
}

function columnsOf(
  say: (key: ComplianceKey) => string,
  word: (code: string) => string,
): Column<DecisionItem>[] {
  return [
    { key: 'at', title: say('at'), width: 130, show: ({ at }) => formatInstant(at) },
    {
      key: 'verdict',
      title: say('verdict'),
      width: 90,
      show: ({ verdict }) => (
        <strong className={TONES[verdict]}>{say(`verdict.${verdict}`)}</strong>
      ),
    },
    { key: 'channel', title: say('channel'), width: 100, show: ({ channel }) => word(channel) },
    { key: 'no', title: say('borrowerNo'), width: 120, show: ({ borrowerNo }) => borrowerNo },
    {
      key: 'rules',
      title: say('rules'),
      show: ({ rules }) => <span title={rules.join('\n')}>{rules.join(', ')}</span>,
    },
    {
      key: 'until',
      title: say('until'),
      width: 130,
      show: ({ until }) => (until === null ? '–' : formatInstant(until)),
    },
  ]
}
