import type { ReportKpi } from '@dunlin/contract'
import {
  addDays,
  currentLanguage,
  dayOf,
  formatCount,
  formatMoney,
  formatRate,
  formatShare,
  productNow,
} from '@dunlin/ui'
import { useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Answer } from '../../api/client.ts'
import type { ReportSearch } from './report-search.ts'

export type ShownReport = Answer<'GET /console-api/reports/:name'>
export type Asked = {
  readonly name: string
  readonly search: ReportSearch
  readonly query: {
    readonly from: string
    readonly to: string
    readonly by: NonNullable<ReportSearch['by']>
    readonly portfolio?: string | undefined
  }
}

const DAYS = 29

/** The report that the address asks for; without days the last thirty. */
export function useAsked(): Asked {
  const { name } = useParams({ from: '/shell/reports/$name' })
  const search = useSearch({ from: '/shell/reports/$name' })
  const [today] = useState(() => dayOf(productNow()))
  const to = search.to ?? today
  const from = search.from ?? addDays(to, -DAYS)
  return { name, search, query: { from, to, by: search.by ?? 'none', portfolio: search.portfolio } }
}

export function inWords(text: { readonly zh: string; readonly en: string }): string {
  return currentLanguage() === 'en' ? text.en : text.zh
}

/** A sum above or below the line. Money of several currencies has no amount. */
export function formatSum(
  value: number,
  kpi: Pick<ReportKpi, 'sums'>,
  currency: string | null,
): string {
  if (kpi.sums === 'count') return formatCount(value)
  return currency === null ? '–' : formatMoney(value, currency)
}

/** The figure itself, in its unit. */
export function formatFigure(
  value: number | null,
  kpi: Pick<ReportKpi, 'unit' | 'sums'>,
  currency: string | null,
): string {
  if (value === null) return '–'
  if (kpi.unit === 'minor') return formatSum(value, kpi, currency)
  if (kpi.unit === 'count') return formatCount(value)
  // A ratio of money of several currencies would be a mixture.
  if (kpi.sums === 'minor' && currency === null) return '–'
  return kpi.unit === 'ratio' ? formatShare(value) : formatRate(value)
}
