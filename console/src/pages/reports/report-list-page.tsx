import type { ReportKpi } from '@dunlin/contract'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Input } from 'antd'
import type { ReactElement } from 'react'
import { useAnswer } from '../../api/client.ts'
import { Failed } from '../../parts/failed.tsx'
import { Loading } from '../../parts/loading.tsx'
import { useReportTexts } from './report-texts.ts'
import { inWords } from './use-report.ts'
import './reports.css'

/** Every KPI with its formula in words. */
export function ReportListPage(): ReactElement {
  const say = useReportTexts()
  const { find } = useSearch({ from: '/shell/reports' })
  const navigate = useNavigate()
  const { data, error, refetch } = useAnswer('GET /console-api/reports', {})
  if (error !== null) return <Failed error={error} reset={() => void refetch()} />
  if (data === undefined) return <Loading />
  const found = data.items.filter((kpi) => fits(kpi, find))
  return (
    <div className="page">
      <div className="page-head">
        <h1>{say('title')}</h1>
        <span className="space" />
        <Input.Search
          aria-label={say('find')}
          placeholder={say('find')}
          defaultValue={find ?? ''}
          allowClear
          style={{ width: 260 }}
          onSearch={(text) =>
            void navigate({ to: '/reports', search: { find: text.trim() || undefined } })
          }
        />
      </div>
      <p className="quiet">{say('lead')}</p>
      {found.length === 0 && <p className="empty">{say('none')}</p>}
      <ul className="kpis">
        {found.map((kpi) => (
          <li key={kpi.name} className="card">
            <h2>
              <Link to="/reports/$name" params={{ name: kpi.name }}>
                {inWords(kpi.title)}
              </Link>
            </h2>
            <code className="quiet">{kpi.name}</code>
            <Formula kpi={kpi} />
          </li>
        ))}
      </ul>
    </div>
  )
}

/** What stands above and below the line, in words. */
export function Formula({ kpi }: { kpi: ReportKpi }): ReactElement {
  return (
    <p className="formula">
      <span>{inWords(kpi.numerator)}</span>
      {kpi.denominator !== null && (
        <>
          <span aria-hidden="true"> ÷ </span>
          <span>{inWords(kpi.denominator)}</span>
        </>
      )}
    </p>
  )
}

function fits({ name, title, numerator, denominator }: ReportKpi, find?: string): boolean {
  if (find === undefined) return true
  const texts = [title, numerator, ...(denominator === null ? [] : [denominator])]
  const whole = [name, ...texts.flatMap(({ zh, en }) => [zh, en])].join(' ').toLowerCase()
  return whole.includes(find.toLowerCase())
}
