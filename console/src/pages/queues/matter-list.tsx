import type { QueuedMatter } from '@dunlin/contract'
import { formatCount, formatDay, formatInstant, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button } from 'antd'
import type { ReactElement } from 'react'
import { call, keyOf, useAnswer } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { FilterSelect } from '../../parts/filter-select.tsx'
import { usePages } from '../../parts/use-pages.ts'
import { KINDS, type QueueSearch, STATES } from './queue-search.ts'
import { ownerIn, type QueueKey, useQueueTexts, wordIn } from './queue-texts.ts'

const EVERY_MS = 15_000

/** Matters: those past their deadline first. */
export function MatterList(): ReactElement {
  const say = useQueueTexts()
  const search = useSearch({ from: '/shell/queues' })
  const navigate = useNavigate()
  const query = queryOf(search)
  const { items, error, more, again, isFetching } = usePages<QueuedMatter>(
    [...keyOf('GET /console-api/matters'), query],
    (cursor, signal) => call('GET /console-api/matters', { query: { ...query, cursor }, signal }),
    { everyMs: EVERY_MS },
  )
  if (error !== null) return <Failed error={error} reset={again} />
  const isFiltered = Object.values(query).some(Boolean)
  return (
    <>
      <Filters search={search} />
      <DataGrid
        label={say('tab.matters')}
        columns={columnsOf(say)}
        rows={items}
        rowKey={({ id }) => id}
        onOpen={({ id }) =>
          void navigate({ to: '/queues/matters/$matterId', params: { matterId: id } })
        }
        onEnd={more}
        empty={isFetching && items.length === 0 ? '…' : say(isFiltered ? 'noFit' : 'noMatters')}
      />
    </>
  )
}

const ON = 'true' as const

function queryOf({ kind, state, mine, late, untold }: QueueSearch) {
  return {
    kind,
    state: untold === true ? ('decided' as const) : state,
    ...(mine === true ? { mine: ON } : {}),
    ...(late === true ? { late: ON } : {}),
    ...(untold === true ? { untold: ON } : {}),
  } as const
}

function Filters({ search }: { search: QueueSearch }): ReactElement {
  const say = useQueueTexts()
  const navigate = useNavigate()
  const { data } = useAnswer('GET /console-api/matters', { query: { limit: 1 } })
  const { waiting = 0, late = 0, mine = 0 } = data?.counts ?? {}
  const set = (change: QueueSearch): void =>
    void navigate({ to: '/queues', search: { ...search, ...change } })
  const toggle = (name: 'late' | 'mine', count: number): ReactElement => (
    <Button
      aria-pressed={search[name] === true}
      className={name === 'late' && count > 0 ? 'toggle bad' : 'toggle'}
      type={search[name] === true ? 'primary' : 'default'}
      onClick={() =>
        set({
          [name]: search[name] === true ? undefined : true,
          state: undefined,
          untold: undefined,
        })
      }
    >
      {say(name, { count: formatCount(count) })}
    </Button>
  )
  return (
    <div className="page-head">
      <strong>{say('waiting', { count: formatCount(waiting) })}</strong>
      {toggle('late', late)}
      {toggle('mine', mine)}
      <span className="space" />
      <FilterSelect
        label={say('kind')}
        any={say('anyKind')}
        value={search.kind}
        options={KINDS.map((value) => ({ value, label: say(value) }))}
        onChange={(kind) => set({ kind })}
      />
      <FilterSelect
        label={say('state')}
        any={say('state.waiting')}
        value={search.untold === true ? 'untold' : search.state}
        options={[
          ...STATES.filter((value) => value !== 'waiting').map((value) => ({
            value,
            label: say(`state.${value}`),
          })),
          { value: 'untold' as const, label: say('untold') },
        ]}
        onChange={(state) =>
          set({
            state: state === 'untold' ? undefined : state,
            untold: state === 'untold' ? true : undefined,
            late: undefined,
          })
        }
      />
    </div>
  )
}

/** The working days that a deadline leaves, in words and colour. */
export function Countdown({ matter }: { matter: QueuedMatter }): ReactElement {
  const say = useQueueTexts()
  const { daysLeft, dueOn, state } = matter
  if (daysLeft === null) return <span className="quiet">{say(`state.${state}`)}</span>
  const day = formatDay(dueOn)
  if (daysLeft < 0)
    return (
      <strong className="bad">
        {say('lateBy', { count: -daysLeft })} · {day}
      </strong>
    )
  if (daysLeft === 0) return <strong className="warn">{say('today')}</strong>
  return (
    <span className={daysLeft <= 2 ? 'warn' : ''}>
      {say('daysLeft', { count: daysLeft })} · {day}
    </span>
  )
}

function columnsOf(say: Say<QueueKey>): Column<QueuedMatter>[] {
  return [
    {
      key: 'deadline',
      title: say('deadline'),
      width: 230,
      show: (matter) => <Countdown matter={matter} />,
    },
    {
      key: 'kind',
      title: say('kind'),
      width: 130,
      show: ({ kind, state }) =>
        state === 'appealed'
          ? `${wordIn(say, kind)} · ${say('state.appealed')}`
          : wordIn(say, kind),
    },
    { key: 'no', title: say('borrower'), width: 130, show: ({ borrowerNo }) => borrowerNo },
    {
      key: 'owner',
      title: say('owner'),
      show: ({ owner, isMine }) => (isMine ? <strong>{say('me')}</strong> : ownerIn(say, owner)),
    },
    { key: 'channel', title: say('channel'), width: 110, show: (row) => wordIn(say, row.channel) },
    {
      key: 'received',
      title: say('received'),
      width: 150,
      show: ({ receivedAt }) => formatInstant(receivedAt),
    },
    {
      key: 'outcome',
      title: say('outcome'),
      width: 110,
      show: ({ outcome }) => (outcome === null ? '–' : wordIn(say, outcome)),
    },
    { key: 'portfolio', title: say('portfolio'), width: 140, show: (row) => row.portfolio },
  ]
}
