import { useNavigate } from '@tanstack/react-router'
import { App, Input, Select, Tooltip } from 'antd'
import type { ReactElement } from 'react'
import { call, useAnswer } from '../../api/client.ts'
import { ActionButton } from '../../parts/action-button.tsx'
import { CUTS, type ReportSearch } from './report-search.ts'
import { useReportTexts } from './report-texts.ts'
import { type ShownReport, useAsked } from './use-report.ts'

/** Period, cut and portfolio; each change is a change of the address. */
export function ReportFilters({ report }: { report: ShownReport }): ReactElement {
  const say = useReportTexts()
  const { name, search, query } = useAsked()
  const navigate = useNavigate()
  const facets = useAnswer('GET /console-api/reports', {})
  const portfolios = facets.data?.portfolios ?? []
  const isReplay = report.kpi.from === 'replay'
  const set = (change: ReportSearch): void => {
    const next = { ...search, ...change, cohort: undefined, part: undefined }
    void navigate({ to: '/reports/$name', params: { name }, search: next })
  }
  return (
    <div className="filters no-print">
      <Input
        type="date"
        aria-label={say('from')}
        value={query.from}
        max={query.to}
        onChange={({ target }) => target.value !== '' && set({ from: target.value })}
      />
      <Input
        type="date"
        aria-label={say('to')}
        value={query.to}
        min={query.from}
        onChange={({ target }) =>
          target.value !== '' && set({ from: query.from, to: target.value })
        }
      />
      <Tooltip title={isReplay ? say('cutOfReplay') : undefined} trigger={['hover', 'focus']}>
        <Select
          aria-label={say('cut')}
          value={query.by}
          style={{ minWidth: 130 }}
          options={CUTS.map((by) => ({
            value: by,
            label: say(`cut.${by}`),
            disabled: isReplay && by !== 'none',
          }))}
          onChange={(by) => set({ by: by === 'none' ? undefined : by })}
        />
      </Tooltip>
      <Select
        aria-label={say('portfolio')}
        value={search.portfolio ?? ''}
        style={{ minWidth: 140 }}
        options={[
          { value: '', label: say('anyPortfolio') },
          ...portfolios.map(({ name: value }) => ({ value, label: value })),
        ]}
        onChange={(portfolio) => set({ portfolio: portfolio === '' ? undefined : portfolio })}
      />
      <Download isEmpty={report.lines.length === 0} />
      <ActionButton onClick={() => print()}>{say('print')}</ActionButton>
    </div>
  )
}

function Download({ isEmpty }: { isEmpty: boolean }): ReactElement {
  const say = useReportTexts()
  const { message } = App.useApp()
  const { name, query } = useAsked()
  const take = (): void => {
    call('GET /console-api/reports/:name/csv', { params: { name }, query })
      .then(({ file, text }) => save(file, text))
      .catch((error: unknown) => message.error(say('csvFailed', { why: String(error) })))
  }
  return (
    <ActionButton reason={isEmpty ? say('nothing') : null} onClick={take}>
      {say('csv')}
    </ActionButton>
  )
}

/** The mark at the start tells a spreadsheet that the text is UTF-8. */
function save(file: string, text: string): void {
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = file
  link.click()
  URL.revokeObjectURL(url)
}
