import { readFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'

// Counts stage transitions straight from the file of repayment statuses, by nothing of the product:
//   node test/real/count-transitions.ts ../shared/data/uci_credit_default.train.csv.gz

const MONTHS = ['PAY_6', 'PAY_5', 'PAY_4', 'PAY_3', 'PAY_2', 'PAY_0']

/** `PAY_6 current M1` → how many borrowers went from current to M1 between that month and the next. */
export async function countTransitions(file: string): Promise<Record<string, number>> {
  const [head = '', ...lines] = gunzipSync(await readFile(file))
    .toString()
    .trim()
    .split(/\r?\n/)
  const places = MONTHS.map((month) => head.split(',').indexOf(month))
  const counts: Record<string, number> = {}
  for (const line of lines) {
    const late = places.map((place) => Number(line.split(',')[place]))
    const stages = late.map((n) => (n <= 0 ? 'current' : n >= 7 ? 'M7+' : `M${n}`))
    for (const [index, month] of MONTHS.slice(0, -1).entries()) {
      const key = `${month} ${stages[index]} ${stages[index + 1]}`
      counts[key] = (counts[key] ?? 0) + 1
    }
  }
  return counts
}

const [, script, file] = process.argv
if (script !== undefined && file !== undefined && import.meta.url === pathToFileURL(script).href)
  for (const [key, count] of Object.entries(await countTransitions(file)).sort())
    process.stdout.write(`${key} ${count}\n`)
