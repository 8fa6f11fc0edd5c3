import type { ReportCase } from '@dunlin/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { type ReactElement, useCallback } from 'react'
import { call, keyOf } from '../../api/client.ts'
import { type Column, DataGrid } from '../../parts/data-grid.tsx'
import { Failed } from '../../parts/failed.tsx'
import { cohortWords, type ReportKey, useReportTexts } from './report-texts.ts'
import { type Asked, formatSum, type ShownReport, useAsked } from './use-report.ts'

const PAGE = 200

/** The cases behind one number. */
export function BehindList({
  report,
  cohort,
}: {
  report: ShownReport
  cohort: string
}): ReactElement {
  const say = useReportTexts()
  const navigate = useNavigate()
  const asked = useAsked()
  const part = asked.search.part ?? 'numerator'
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching } = useBehind(asked, cohort)
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  const close = { ...asked.search, cohort: undefined, part: undefined }
  const title = say('behindOf', { cohort: cohortWords(say, cohort), part: say(part) })
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  return (
    <section className="behind no-print" aria-label={say('behind')}>
      <div className="page-head">
        <h2>{say('behind')}</h2>
        <span className="quiet">{title}</span>
        <span className="space" />
        <Button
          onClick={() =>
            void navigate({ to: '/reports/$name', params: { name: asked.name }, search: close })
          }
        >
          {say('close')}
        </Button>
      </div>
      <DataGrid
        label={say('behind')}
        columns={columnsOf(say, { report, part })}
        rows={data?.pages.flatMap((page) => page.items) ?? []}
        rowKey={({ key }) => key}
        onOpen={({ caseId }) =>
          caseId !== null && void navigate({ to: '/cases/$caseId', params: { caseId } })
        }
        onEnd={more}
        empty={isFetching ? say('loading') : say('noLines')}
      />
    </section>
  )
}

function useBehind({ name, search, query }: Asked, cohort: string) {
  const asked = { ...query, cohort, part: search.part ?? 'numerator', limit: PAGE }
  return useInfiniteQuery({
    queryKey: [...keyOf('GET /console-api/reports/:name/cases'), name, asked],
    queryFn: ({ pageParam, signal }) =>
      call('GET /console-api/reports/:name/cases', {
        params: { name },
        query: { ...asked, ...(pageParam === '' ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.nextCursor,
  })
}

function columnsOf(
  say: (key: ReportKey) => string,
  { report, part }: { report: ShownReport; part: 'numerator' | 'denominator' },
): Column<ReportCase>[] {
  const { kpi, currency } = report
  return [
    {
      key: 'no',
      title: say('borrowerNo'),
      show: ({ borrowerNo }) => borrowerNo ?? <span className="quiet">{say('beyond')}</span>,
    },
    { key: 'case', title: say('case'), width: 120, show: ({ caseId }) => caseId ?? say('noCase') },
    {
      key: part,
      title: say(part),
      width: 160,
      isNumber: true,
      show: (row) => formatSum(row[part], kpi, currency),
    },
  ]
}
