import type { CaseItem } from '@dunlin/contract'
import { formatDay, formatMoney } from '@dunlin/ui'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactElement, useCallback } from 'react'
import { call, keyOf } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { CaseFilters } from './case-filters.tsx'
import type { CaseSearch } from './case-search.ts'
import { type CaseKey, useCaseTexts } from './case-texts.ts'

/** Every case that the person reaches; filters stand in the address bar. */
export function CaseListPage(): ReactElement {
  const say = useCaseTexts()
  const search = useSearch({ from: '/shell/cases' })
  const navigate = useNavigate()
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useCases(search)
  const items = data?.pages.flatMap((page) => page.items) ?? []
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>{say('title')}</h1>
        <span className="space" />
        <CaseFilters />
      </div>
      <DataGrid
        label={say('title')}
        columns={columnsOf(say)}
        rows={items}
        rowKey={(item) => item.id}
        onOpen={(item) => void navigate({ to: '/cases/$caseId', params: { caseId: item.id } })}
        onEnd={more}
        empty={isFetching ? '…' : say(Object.values(search).some(Boolean) ? 'empty' : 'emptyBook')}
      />
    </div>
  )
}

function useCases(search: CaseSearch) {
  return useInfiniteQuery({
    queryKey: [...keyOf('GET /console-api/cases'), search],
    queryFn: ({ pageParam, signal }) =>
      call('GET /console-api/cases', {
        query: { ...search, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: (before) => before,
  })
}

function columnsOf(say: (key: CaseKey) => string): Column<CaseItem>[] {
  return [
    { key: 'name', title: say('borrower'), width: 120, show: ({ name }) => name },
    { key: 'no', title: say('borrowerNo'), width: 130, show: (row) => row.borrowerNo },
    { key: 'stage', title: say('stage'), width: 90, show: ({ stage }) => stage ?? '–' },
    { key: 'dpd', title: say('dpd'), width: 100, isNumber: true, show: ({ dpd }) => dpd },
    {
      key: 'arrears',
      title: say('arrears'),
      width: 140,
      isNumber: true,
      show: ({ arrearsMinor, currency }) =>
        arrearsMinor === null ? say('afterIdentity') : formatMoney(arrearsMinor, currency),
    },
    {
      key: 'next',
      title: say('nextStep'),
      show: ({ nextStep, nextStepOn }) =>
        nextStepOn === null ? '–' : `${formatDay(nextStepOn)} · ${nextStep ?? ''}`,
    },
    {
      key: 'opened',
      title: say('openedOn'),
      width: 110,
      show: ({ openedOn }) => formatDay(openedOn),
    },
    { key: 'portfolio', title: say('portfolio'), width: 140, show: (row) => row.portfolio },
  ]
}
