import { KPIS } from '../server/src/insight/index.ts'

const UNITS = {
  ratio: 'share',
  'per-case': 'number per case',
  'per-thousand': 'number per 1,000',
  count: 'number',
  minor: 'amount in minor units',
} as const

/** The page of every report's formula, made from the catalogue that computes it. */
export function kpiPage(): string {
  const rows = KPIS.map(
    ({ name, title, numerator, denominator, unit, from }) =>
      `| \`${name}\` | ${title.zh} / ${title.en} | ${numerator.zh} / ${numerator.en} | ${denominator === null ? '–' : `${denominator.zh} / ${denominator.en}`} | ${UNITS[unit]} | ${from === 'replay' ? 'replayed from the ledger' : 'tables'} |`,
  )
  return `# Reports

Made from \`server/src/insight/model/catalogue.ts\`; do not edit. One name has one formula. A ratio is the sum above the line by the sum below it, never an average of ratios;
a period has both its days inside, in the local days of each portfolio. Buckets: M0 not past due, M1 1–30 days, M2 31–60, M3 61–90, M4 91–120, M5 121–150, M6 151–180, M7+ beyond.
Run one with \`dunlin report NAME --from DATE --to DATE\`, \`GET /api/v1/reports/NAME\`, and the cases behind a number with \`GET /api/v1/reports/NAME/cases\`.

| report | title | above the line | below the line | unit | from |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}
