import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listReportCases, readReport, readReportCsv } from '@dunlin/contract'
import { aConsole } from '../test-console.ts'

// Reports on the screen: whose they are, and that a number, its CSV and its cases are one thing.

const console = await aConsole()
const PERIOD = 'from=2026-05-01&to=2026-06-30'
const REPORT = '/console-api/reports/ledger_reconciliation'
await console.hire('manager@example.com', ['manager'])
const manager = await console.signIn('manager@example.com')

test('what is stored equals what replays, in a currency, and adds up from its lines', async () => {
  const { status, body } = await manager.ask(`GET ${REPORT}?${PERIOD}`)
  assert.equal(status, 200)
  const { currency, total, lines, kpi } = readReport.answer.parse(body)
  assert.equal(currency, 'CNY')
  assert.equal(kpi.sums, 'minor')
  assert.ok(total !== null && total.numerator > 0)
  assert.equal(total.numerator, total.denominator)
  assert.equal(
    lines.reduce((sum, { numerator }) => sum + numerator, 0),
    total.numerator,
  )
})

test('the cases behind a number add up to it', async () => {
  const report = readReport.answer.parse((await manager.ask(`GET ${REPORT}?${PERIOD}`)).body)
  for (const { cohort, numerator } of report.lines) {
    const asked = `GET ${REPORT}/cases?${PERIOD}&cohort=${encodeURIComponent(cohort)}`
    const { items } = listReportCases.answer.parse((await manager.ask(asked)).body)
    assert.equal(
      items.reduce((sum, item) => sum + item.numerator, 0),
      numerator,
    )
    assert.ok(items.every(({ borrowerNo }) => borrowerNo !== null))
  }
})

test('the CSV has a line a group', async () => {
  const report = readReport.answer.parse((await manager.ask(`GET ${REPORT}?${PERIOD}`)).body)
  const csv = readReportCsv.answer.parse((await manager.ask(`GET ${REPORT}/csv?${PERIOD}`)).body)
  assert.equal(csv.file, 'ledger_reconciliation-2026-05-01-2026-06-30.csv')
  assert.equal(csv.text.trimEnd().split('\r\n').length, report.lines.length + 1)
})

test('an agent, and whoever belongs to an agency, read no report', async () => {
  await console.hire('agent@example.com', ['agent'], { agentLogin: 'ann', team: 'early' })
  await console.hire('lead@example.com', ['team-lead'], { agency: 'outside' })
  for (const email of ['agent@example.com', 'lead@example.com']) {
    const { ask } = await console.signIn(email)
    for (const path of [REPORT, `${REPORT}/csv`]) {
      const { status, body } = await ask(`GET ${path}?${PERIOD}`)
      assert.equal(status, 403)
      assert.equal(body.code, 'auth.role')
    }
    assert.equal((await ask('GET /console-api/reports')).status, 403)
  }
})

test('a period that ends before it begins, and a report that is not, are named', async () => {
  const back = await manager.ask(`GET ${REPORT}?from=2026-06-02&to=2026-06-01`)
  assert.equal(back.body.code, 'request.invalid')
  const none = await manager.ask(`GET /console-api/reports/nothing?${PERIOD}`)
  assert.equal(none.status, 404)
})
