import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Segmented } from 'antd'
import type { ReactElement } from 'react'
import { useAnswer } from '../../api/client.ts'
import { useMay } from '../../api/me.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { useWord } from '../../parts/word-texts.ts'
import { DraftList } from './draft-list.tsx'
import { ReleaseList } from './release-list.tsx'
import { TABS } from './template-search.ts'
import { kindIn, useTemplateTexts } from './template-texts.ts'
import { VariantView } from './variant-view.tsx'
import './templates.css'

type Tab = (typeof TABS)[number]

/** One template: how it looks, its drafts, and what was in force when. */
export function TemplatePage(): ReactElement {
  const say = useTemplateTexts()
  const word = useWord()
  const { id } = useParams({ from: '/shell/templates/$id' })
  const { tab = 'preview' } = useSearch({ from: '/shell/templates/$id' })
  const navigate = useNavigate()
  const mayEdit = useMay('template.edit')
  const params = { id }
  const { data, error, refetch } = useAnswer('GET /console-api/templates/:id', { params })
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const { channel, kind, purpose, variants } = data
  return (
    <div className="page">
      <div className="page-head">
        <h1>{id}</h1>
        <span className="quiet">
          {word(channel)} · {kindIn(say, kind)} · {word(purpose)}
        </span>
        <span className="space" />
        <ActionButton
          may={mayEdit}
          onClick={() => void navigate({ to: '/templates/$id/edit', params })}
        >
          {say('edit')}
        </ActionButton>
      </div>
      <Segmented<Tab>
        aria-label={say('tabs')}
        className="fits"
        value={tab}
        options={TABS.map((value) => ({ value, label: say(`tab.${value}`) }))}
        onChange={(value) =>
          void navigate({ to: '/templates/$id', params, search: { tab: value } })
        }
      />
      {tab === 'preview' && (
        <>
          <p className="quiet">{say('madeUp')}</p>
          <div className="variants">
            {variants.map((variant) => (
              <VariantView key={variant.language} variant={variant} channel={channel} />
            ))}
          </div>
        </>
      )}
      {tab === 'drafts' && <DraftList drafts={data.drafts} />}
      {tab === 'versions' && <ReleaseList template={data} />}
    </div>
  )
}
