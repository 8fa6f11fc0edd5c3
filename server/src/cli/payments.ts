import {
  addDays,
  formatLocalDate,
  localDay,
  parseLocalDate,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import type { World } from '../main.ts'
import { type Reconciliation, reconcileDay } from '../payments/index.ts'
import { openPayments } from '../wire-payments.ts'
import { EXIT, type Io } from './io.ts'

const ZONE = 'Asia/Shanghai'

/** Compares a day's bill with our orders; without a date, yesterday's. Exit 1 when anything differs. */
export async function runReconcile(
  asked: {
    readonly world: World
    readonly date: string | undefined
    readonly account: string | undefined
    readonly json: boolean
  },
  io: Io,
): Promise<number> {
  const { world, account } = asked
  const yesterday = addDays(localDay(required(zoneNamed(ZONE), ZONE), world.clock.now()), -1)
  const day = asked.date === undefined ? yesterday : parseLocalDate(asked.date)
  if (day === null) io.error('--date is a day such as 2026-11-24')
  const { payments } = openPayments(world)
  const merchant = await payments.merchants.find(account === undefined ? {} : { name: account })
  if (merchant === null) io.error('there is no enabled account of WeChat Pay of that name')
  if (day === null || merchant === null) return EXIT.usage
  const report = await reconcileDay(payments, { merchant, day: formatLocalDate(day) })
  if (!report.ok) {
    io.error(`no bill of ${formatLocalDate(day)}: ${report.refusal.code}, ${report.refusal.detail}`)
    return EXIT.failed
  }
  print(report.value, asked.json, io)
  return report.value.differences.length === 0 ? EXIT.ok : EXIT.problems
}

function print(report: Reconciliation & { id: string }, json: boolean, io: Io): void {
  const asText = (_key: string, value: unknown): unknown =>
    typeof value === 'bigint' ? Number(value) : value
  if (json) {
    io.out(JSON.stringify(report, asText))
    return
  }
  const { day, billLines, settledLate, differences } = report
  io.out(`${day}: ${billLines} lines; report ${report.id}`)
  io.out(`paid     bill ${yuan(report.billPaidMinor)}  ours ${yuan(report.oursPaidMinor)}`)
  io.out(`refunded bill ${yuan(report.billRefundedMinor)}  ours ${yuan(report.oursRefundedMinor)}`)
  if (settledLate > 0) io.out(`${settledLate} payments were heard of here first, and booked`)
  for (const { kind, subject, number, oursMinor, theirsMinor } of differences)
    io.out(`${kind} ${subject} ${number}: ours ${yuan(oursMinor)}, bill ${yuan(theirsMinor)}`)
  io.out(differences.length === 0 ? 'agrees to the cent' : `${differences.length} differences`)
}

function yuan(minor: bigint | null): string {
  if (minor === null) return '–'
  return `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`
}
