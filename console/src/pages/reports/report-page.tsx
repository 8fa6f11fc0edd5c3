import { Link } from '@tanstack/react-router'
import { lazy, type ReactElement, Suspense } from 'react'
import { useAnswer } from '../../api/client.ts'
import { useScheme } from '../../app/theme.ts'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { BehindList } from './behind-list.tsx'
import { ReportFilters } from './report-filters.tsx'
import { Formula } from './report-list-page.tsx'
import { ReportTable } from './report-table.tsx'
import { cohortWords, useReportTexts } from './report-texts.ts'
import { formatFigure, inWords, type ShownReport, useAsked } from './use-report.ts'
import './reports.css'

const ReportChart = lazy(() => import('./report-chart.tsx').then((file) => file.CHART))

/** One report: its formula, a chart, the figures, and the cases behind the number that is opened. */
export function ReportPage(): ReactElement {
  const say = useReportTexts()
  const { name, search, query } = useAsked()
  const given = { params: { name }, query }
  const { data, error, refetch } = useAnswer('GET /console-api/reports/:name', given)
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const isMixed = data.kpi.sums === 'minor' && data.currency === null
  return (
    <div className="page report">
      <nav className="no-print">
        <Link to="/reports">{say('all')}</Link>
      </nav>
      <div className="page-head">
        <h1>{inWords(data.kpi.title)}</h1>
        <span className="quiet">
          {data.from} – {data.to}
        </span>
        <span className="space" />
        <ReportFilters report={data} />
      </div>
      <Formula kpi={data.kpi} />
      {isMixed && <p className="bad">{say('mixed')}</p>}
      {data.lines.length === 0 ? (
        <p className="card empty">{say('noLines')}</p>
      ) : (
        <>
          {!isMixed && <Picture report={data} />}
          <ReportTable report={data} />
        </>
      )}
      {search.cohort !== undefined && <BehindList report={data} cohort={search.cohort} />}
    </div>
  )
}

/** A picture of several groups; one number needs none. */
function Picture({ report }: { report: ShownReport }): ReactElement | null {
  const say = useReportTexts()
  const scheme = useScheme()
  const { kpi, lines, currency } = report
  if (lines.length < 2 || kpi.name === 'ledger_reconciliation') return null
  const label = say('chart', { title: inWords(kpi.title) })
  return (
    <div className="card">
      <Suspense fallback={<div className="chart" />}>
        <ReportChart
          key={scheme}
          label={label}
          form={formOf(report)}
          axes={[say('start'), say('end')]}
          points={lines.map(({ cohort, value }) => ({
            cohort: cohortWords(say, cohort),
            value,
            words: formatFigure(value, kpi, currency),
          }))}
        />
      </Suspense>
    </div>
  )
}

const MONTH = /^\d{4}-\d{2}$/

function formOf({ kpi, lines }: ShownReport): 'bars' | 'line' | 'matrix' {
  if (kpi.name === 'roll_matrix') return 'matrix'
  return lines.every(({ cohort }) => MONTH.test(cohort)) ? 'line' : 'bars'
}
