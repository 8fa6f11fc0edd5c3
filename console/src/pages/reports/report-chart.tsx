import { BarChart, HeatmapChart, LineChart } from 'echarts/charts'
import { GridComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { type ReactElement, useEffect, useRef } from 'react'

// ECharts from its parts, in a chunk of its own. The figures stand in a table beside it.

use([
  ...[BarChart, LineChart, HeatmapChart],
  ...[GridComponent, TooltipComponent, VisualMapComponent, CanvasRenderer],
])

type Point = { readonly cohort: string; readonly value: number | null; readonly words: string }
type Props = {
  readonly label: string
  readonly form: 'bars' | 'line' | 'matrix'
  readonly axes: readonly [string, string]
  readonly points: readonly Point[]
}
type Colours = Readonly<Record<'ink' | 'line' | 'brand' | 'card' | 'soft', string>>

/** Draws a report; it stands still, so that a printer gets what the screen shows. */
function ReportChart({ label, form, axes, points }: Props): ReactElement {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (box.current === null) return
    const chart = init(box.current)
    const colours = readColours()
    chart.setOption(
      form === 'matrix' ? matrixOf(points, axes, colours) : barsOf(points, form, colours),
    )
    const sizes = new ResizeObserver(() => chart.resize())
    sizes.observe(box.current)
    return () => {
      sizes.disconnect()
      chart.dispose()
    }
  }, [form, axes, points])
  return <div ref={box} className={`chart ${form}`} role="img" aria-label={label} />
}

/** For `lazy`. */
export const CHART = { default: ReportChart }

function readColours(): Colours {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string): string => style.getPropertyValue(name).trim()
  return {
    ink: read('--ink'),
    line: read('--line'),
    brand: read('--brand'),
    card: read('--card'),
    soft: read('--brand-soft'),
  }
}

function barsOf(points: readonly Point[], form: 'bars' | 'line', colours: Colours) {
  const words = points.map((point) => point.words)
  return {
    animation: false,
    grid: { left: 8, right: 16, top: 28, bottom: 8, containLabel: true },
    tooltip: {
      confine: true,
      formatter: ({ dataIndex }: { dataIndex: number }) => words[dataIndex],
    },
    xAxis: {
      type: 'category',
      data: points.map(({ cohort }) => cohort),
      axisLabel: { color: colours.ink },
    },
    yAxis: {
      type: 'value',
      axisLabel: { show: false },
      splitLine: { lineStyle: { color: colours.line } },
    },
    series: [
      {
        type: form === 'line' ? 'line' : 'bar',
        data: points.map(({ value }) => value),
        barMaxWidth: 56,
        itemStyle: { color: colours.brand },
        label: {
          show: true,
          position: 'top',
          color: colours.ink,
          formatter: ({ dataIndex }: { dataIndex: number }) => words[dataIndex] ?? '',
        },
        labelLayout: { hideOverlap: true },
      },
    ],
  }
}

/** The matrix: a row per bucket at the start, a column per bucket at the end. */
function matrixOf(points: readonly Point[], [start, end]: Props['axes'], colours: Colours) {
  const cells = points.map(({ cohort, value, words }) => {
    const [from = '', to = ''] = cohort.split(' → ')
    return { from, to, value, words }
  })
  const rows = [...new Set(cells.map(({ from }) => from))].toReversed()
  const columns = [...new Set(cells.map(({ to }) => to))]
  const axis = { axisLabel: { color: colours.ink }, nameTextStyle: { color: colours.ink } }
  return {
    animation: false,
    grid: { left: 8, right: 40, top: 28, bottom: 8, containLabel: true },
    tooltip: {
      confine: true,
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const cell = cells[dataIndex]
        return cell === undefined ? '' : `${cell.from} → ${cell.to}: ${cell.words}`
      },
    },
    xAxis: { type: 'category', name: end, position: 'top', data: columns, ...axis },
    yAxis: { type: 'category', name: start, data: rows, ...axis },
    visualMap: {
      show: false,
      min: 0,
      max: 1,
      inRange: { color: [colours.card, colours.soft, colours.brand] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells.map(({ from, to, value }) => [
          columns.indexOf(to),
          rows.indexOf(from),
          value ?? 0,
        ]),
        itemStyle: { borderColor: colours.line, borderWidth: 1 },
        label: {
          show: true,
          color: colours.ink,
          formatter: ({ dataIndex }: { dataIndex: number }) => cells[dataIndex]?.words ?? '',
        },
      },
    ],
  }
}
