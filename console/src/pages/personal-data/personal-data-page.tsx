import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import type { ReactElement } from 'react'
import { LookList } from './look-list.tsx'
import { TABS } from './personal-data-search.ts'
import { usePersonalDataTexts } from './personal-data-texts.ts'
import { WishList } from './wish-list.tsx'

type Tab = (typeof TABS)[number]
const LISTS = { wishes: WishList, looks: LookList } as const

/** Wishes to delete a person's data, and who looked at whose. */
export function PersonalDataPage(): ReactElement {
  const say = usePersonalDataTexts()
  const { tab = 'wishes' } = useSearch({ from: '/shell/personal-data' })
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
          onChange={(value) => void navigate({ to: '/personal-data', search: { tab: value } })}
        />
      </div>
      <List />
    </div>
  )
}
