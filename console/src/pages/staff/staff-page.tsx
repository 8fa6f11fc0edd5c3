import { formatInstant, type Say } from '@dunlin/ui'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactElement, useState } from 'react'
import { type Answer, useAnswer } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { TextFilter } from '../../parts/text-filter.tsx'
import { PersonSheet } from './person-sheet.tsx'
import { type StaffKey, useStaffTexts } from './staff-texts.ts'

type Person = Answer<'GET /console-api/staff'>['items'][number]

/** Accounts of people: added, given another post, shut out. */
export function StaffPage(): ReactElement {
  const say = useStaffTexts()
  const { find } = useSearch({ from: '/shell/staff' })
  const navigate = useNavigate()
  /** The id of who is shown; `new` for somebody to be added. */
  const [shown, setShown] = useState<string | null>(null)
  const { data, error, refetch, isFetching } = useAnswer('GET /console-api/staff', {})
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  const items = data?.items ?? []
  const wanted = (find ?? '').toLowerCase()
  const rows = items.filter(({ name, email }) => `${name} ${email}`.toLowerCase().includes(wanted))
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('title')}</h1>
        <span className="space" />
        <TextFilter
          label={say('find')}
          value={find}
          width={220}
          onChange={(text) =>
            void navigate({ to: '/staff', search: { find: text }, replace: true })
          }
        />
        <ActionButton type="primary" onClick={() => setShown('new')}>
          {say('add')}
        </ActionButton>
      </div>
      <p className="quiet">{say('lead')}</p>
      <DataGrid
        label={say('title')}
        columns={columnsOf(say)}
        rows={rows}
        rowKey={({ userId }) => userId}
        onOpen={({ userId }) => setShown(userId)}
        empty={isFetching ? '…' : say('empty')}
      />
      {shown !== null && data !== undefined && (
        <PersonSheet
          key={shown}
          person={items.find(({ userId }) => userId === shown) ?? null}
          places={data}
          onClose={() => setShown(null)}
        />
      )}
    </div>
  )
}

function columnsOf(say: Say<StaffKey>): Column<Person>[] {
  return [
    {
      key: 'name',
      title: say('name'),
      width: 160,
      show: ({ name, isMe }) => (
        <strong>
          {name} {isMe && say('me')}
        </strong>
      ),
    },
    { key: 'email', title: say('email'), width: 230, show: ({ email }) => email },
    {
      key: 'roles',
      title: say('roles'),
      show: ({ roles }) => roles.map((role) => say(`role.${role}`)).join(', '),
    },
    {
      key: 'place',
      title: say('team'),
      width: 150,
      show: ({ team, agency }) => [team, agency].filter((each) => each !== null).join(', ') || '–',
    },
    {
      key: 'codes',
      title: say('codes'),
      width: 90,
      show: ({ hasTwoFactor }) => say(hasTwoFactor ? 'codesOn' : 'codesOff'),
    },
    {
      key: 'sessions',
      title: say('sessions'),
      width: 90,
      isNumber: true,
      show: (row) => row.sessions,
    },
    {
      key: 'seen',
      title: say('lastSeen'),
      width: 140,
      show: ({ lastSeenAt }) => (lastSeenAt === null ? '–' : formatInstant(lastSeenAt)),
    },
    {
      key: 'state',
      title: say('state'),
      width: 110,
      show: ({ disabledAt }) => (
        <span className={disabledAt === null ? 'good' : 'bad'}>
          {say(disabledAt === null ? 'mayEnter' : 'shutOut')}
        </span>
      ),
    },
  ]
}
