import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import type { ReactElement } from 'react'
import { ForgottenList } from './forgotten-list.tsx'
import { HoldList } from './hold-list.tsx'
import { MatterList } from './matter-list.tsx'
import { TABS } from './queue-search.ts'
import { useQueueTexts } from './queue-texts.ts'
import './queues.css'

type Tab = (typeof TABS)[number]
const LISTS = { matters: MatterList, holds: HoldList, forgotten: ForgottenList } as const

/** What waits for a person: matters by deadline, holds in force, cases that nobody looks after. */
export function QueuePage(): ReactElement {
  const say = useQueueTexts()
  const { tab = 'matters' } = useSearch({ from: '/shell/queues' })
  const navigate = useNavigate()
  const List = LISTS[tab]
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('title')}</h1>
        <Segmented<Tab>
          aria-label={say('tabs')}
          value={tab}
          options={TABS.map((value) => ({ value, label: say(`tab.${value}`) }))}
          onChange={(value) => void navigate({ to: '/queues', search: { tab: value } })}
        />
      </div>
      <List />
    </div>
  )
}
