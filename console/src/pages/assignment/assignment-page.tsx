import { useNavigate, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import type { ReactElement } from 'react'
import { useMay } from '../../api/me.ts'
import { TABS, type Tab } from './assignment-search.ts'
import { useAssignmentTexts } from './assignment-texts.ts'
import { DealTab } from './deal-tab.tsx'
import { FloorList } from './floor-list.tsx'
import { MoveList } from './move-list.tsx'
import { PastDealList } from './past-deal-list.tsx'
import { PlacementList } from './placement-list.tsx'
import './assignment.css'

const PARTS = {
  floor: FloorList,
  deal: DealTab,
  deals: PastDealList,
  moves: MoveList,
  outside: PlacementList,
} as const
/** What a team lead works with: their own people, and single moves. */
const OF_LEADS: readonly Tab[] = ['floor', 'moves']

/** Who works which case: people and their load, deals by rule, what was dealt, and every move. */
export function AssignmentPage(): ReactElement {
  const say = useAssignmentTexts()
  const { tab = 'floor' } = useSearch({ from: '/shell/assignment' })
  const navigate = useNavigate()
  const { can } = useMay('case.deal')
  const tabs = can ? TABS : OF_LEADS
  const shown = tabs.includes(tab) ? tab : 'floor'
  const Part = PARTS[shown]
  return (
    <div className={shown === 'deal' ? 'page' : 'page fill'}>
      <div className="page-head">
        <h1>{say('title')}</h1>
        <div className="fits">
          <Segmented<Tab>
            aria-label={say('tabs')}
            value={shown}
            options={tabs.map((value) => ({ value, label: say(`tab.${value}`) }))}
            onChange={(value) => void navigate({ to: '/assignment', search: { tab: value } })}
          />
        </div>
      </div>
      <Part />
    </div>
  )
}
