import { formatMoney } from '@dunlin/ui'
import { Link } from '@tanstack/react-router'
import type { ReactElement } from 'react'
import { cohortWords, useReportTexts } from './report-texts.ts'
import { formatFigure, formatSum, inWords, type ShownReport, useAsked } from './use-report.ts'

type Sums = Pick<ShownReport['lines'][number], 'numerator' | 'denominator' | 'value'>

/** The figures of a report; a number leads to the cases behind it. */
export function ReportTable({ report }: { report: ShownReport }): ReactElement {
  const say = useReportTexts()
  const { kpi, lines, total, currency } = report
  const hasBelow = kpi.denominator !== null
  return (
    <div className="card wide">
      <table className="report-table" aria-label={inWords(kpi.title)}>
        <thead>
          <tr>
            <th scope="col">{say('group')}</th>
            {hasBelow && (
              <>
                <th scope="col" className="number">
                  {say('numerator')}
                </th>
                <th scope="col" className="number">
                  {say('denominator')}
                </th>
              </>
            )}
            <th scope="col" className="number">
              {say('figure')}
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.cohort}>
              <th scope="row">{cohortWords(say, line.cohort)}</th>
              {hasBelow && (
                <>
                  <td className="number">
                    <Behind line={line} report={report} part="numerator" />
                  </td>
                  <td className="number">
                    <Behind line={line} report={report} part="denominator" />
                  </td>
                </>
              )}
              <td className="number">
                {hasBelow ? (
                  <Figure sums={line} report={report} />
                ) : (
                  <Behind line={line} report={report} part="numerator" />
                )}
              </td>
            </tr>
          ))}
        </tbody>
        {total !== null && (
          <tfoot>
            <tr>
              <th scope="row">{say('total')}</th>
              {hasBelow && (
                <>
                  <td className="number">{formatSum(total.numerator, kpi, currency)}</td>
                  <td className="number">{formatSum(total.denominator, kpi, currency)}</td>
                </>
              )}
              <td className="number">
                <Figure sums={total} report={report} />
              </td>
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  )
}

/** A sum as the way to its cases; nothing is behind a nought. */
function Behind({
  line,
  report,
  part,
}: {
  line: ShownReport['lines'][number]
  report: ShownReport
  part: 'numerator' | 'denominator'
}): ReactElement {
  const { name, search, query } = useAsked()
  const words = formatSum(line[part], report.kpi, report.currency)
  if (line[part] === 0) return <>{words}</>
  const opened = { ...search, from: query.from, to: query.to, cohort: line.cohort, part }
  return (
    <Link to="/reports/$name" params={{ name }} search={opened} resetScroll={false}>
      {words}
    </Link>
  )
}

function Figure({ sums, report }: { sums: Sums; report: ShownReport }): ReactElement {
  const say = useReportTexts()
  const { kpi, currency } = report
  if (kpi.name !== 'ledger_reconciliation') return <>{formatFigure(sums.value, kpi, currency)}</>
  const gap = sums.numerator - sums.denominator
  if (gap === 0) return <span className="good">{say('equal')}</span>
  const amount = currency === null ? String(gap) : formatMoney(gap, currency)
  return <strong className="bad">{say('differs', { amount })}</strong>
}
