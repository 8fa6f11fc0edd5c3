import { useNavigate, useSearch } from '@tanstack/react-router'
import { Input, Segmented, Select } from 'antd'
import type { ReactElement } from 'react'
import { useAnswer } from '../../api/client.ts'
import { type CaseSearch, SORTS } from './case-search.ts'
import { useCaseTexts } from './case-texts.ts'

/** Filters of the list; each change is a change of the address, so that it can be shared and gone back from. */
export function CaseFilters(): ReactElement {
  const say = useCaseTexts()
  const search = useSearch({ from: '/shell/cases' })
  const navigate = useNavigate()
  const facets = useAnswer('GET /console-api/cases/facets', {})
  const set = (change: CaseSearch): void =>
    void navigate({ to: '/cases', search: { ...search, ...change } })
  const stages = facets.data?.stages ?? []
  const portfolios = facets.data?.portfolios ?? []
  return (
    <>
      <Input.Search
        aria-label={say('search')}
        placeholder={say('search')}
        defaultValue={search.search ?? ''}
        allowClear
        style={{ width: 280 }}
        onSearch={(text) => set({ search: text === '' ? undefined : text.trim() })}
      />
      <Select
        aria-label={say('stage')}
        value={search.stage ?? ''}
        style={{ minWidth: 130 }}
        options={[
          { value: '', label: say('anyStage') },
          ...stages.map((stage) => ({ value: stage, label: stage })),
        ]}
        onChange={(stage) => set({ stage: stage === '' ? undefined : stage })}
      />
      {portfolios.length > 1 && (
        <Select
          aria-label={say('portfolio')}
          value={search.portfolio ?? ''}
          style={{ minWidth: 140 }}
          options={[
            { value: '', label: say('anyPortfolio') },
            ...portfolios.map((name) => ({ value: name, label: name })),
          ]}
          onChange={(name) => set({ portfolio: name === '' ? undefined : name })}
        />
      )}
      <Select
        aria-label={say('sort')}
        value={search.sort ?? 'arrears'}
        style={{ minWidth: 170 }}
        options={SORTS.map((sort) => ({ value: sort, label: say(`sort.${sort}`) }))}
        onChange={(sort) => set({ sort: sort === 'arrears' ? undefined : sort })}
      />
      <Segmented
        aria-label={say('state')}
        value={search.state ?? 'open'}
        options={[
          { value: 'open', label: say('open') },
          { value: 'closed', label: say('closed') },
        ]}
        onChange={(state) => set({ state: state === 'closed' ? 'closed' : undefined })}
      />
    </>
  )
}
