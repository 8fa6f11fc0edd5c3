import { currentLanguage } from '@dunlin/ui'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import type { ReactElement } from 'react'
import { useAnswer } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { DraftList } from './draft-list.tsx'
import { LadderView } from './ladder-view.tsx'
import { TABS } from './strategy-search.ts'
import { useStrategyTexts } from './strategy-texts.ts'
import { TrialView } from './trial-view.tsx'
import { VersionList } from './version-list.tsx'

/** One strategy: its ladder, a trial on today's book, its drafts and its versions. */
export function StrategyPage(): ReactElement {
  const say = useStrategyTexts()
  const { name } = useParams({ from: '/shell/strategies/$name' })
  const { tab = 'ladder' } = useSearch({ from: '/shell/strategies/$name' })
  const navigate = useNavigate()
  const mayEdit = useMay('strategy.edit')
  const params = { name }
  const { data, error, refetch } = useAnswer('GET /console-api/strategies/:name', { params })
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const { portfolios, ladder } = data
  const names = portfolios.join(', ')
  return (
    <div className="page">
      <div className="page-head">
        <h1>{ladder.title[currentLanguage() === 'en' ? 'en' : 'zh']}</h1>
        <span className="quiet">{name}</span>
        <span className="quiet">
          {names === '' ? say('notFollowed') : say('followedBy', { names })}
        </span>
        <span className="space" />
        <ActionButton
          may={mayEdit}
          onClick={() => void navigate({ to: '/strategies/$name/edit', params })}
        >
          {say('edit')}
        </ActionButton>
      </div>
      <div className="wide">
        <Segmented
          aria-label={say('tabs')}
          value={tab}
          options={TABS.map((value) => ({ value, label: say(`tab.${value}`) }))}
          onChange={(value) =>
            void navigate({ to: '/strategies/$name', params, search: { tab: value } })
          }
        />
      </div>
      {tab === 'ladder' && <LadderView ladder={ladder} />}
      {tab === 'trial' && <TrialView name={name} />}
      {tab === 'drafts' && <DraftList drafts={data.drafts} />}
      {tab === 'versions' && <VersionList {...data} />}
    </div>
  )
}
