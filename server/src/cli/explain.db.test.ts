import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dispatchDue } from '../contact/index.ts'
import { aSink } from '../contact/test-gate.ts'
import { anApi } from '../open-api/test-api.ts'
import { runExplainDecision } from './explain.ts'

const { db, gate, clock } = await anApi()
await dispatchDue({ db, gate, outlets: [aSink('sms', clock)], now: clock.now })
const [first] = await db.query<{ id: string; attempt: string; rules: string[] }>(
  `select borrower_id || '-' || decision_id as id, borrower_id || '-' || attempt_id as attempt, rules
   from decision order by decision_id limit 1`,
)
assert.ok(first)

async function explain(
  given: { decision?: string; attempt?: string },
  page?: 'zh' | 'en',
): Promise<{ code: number; text: string; problems: string }> {
  const lines: string[] = []
  const problems: string[] = []
  const io = {
    out: (line: string) => lines.push(line),
    error: (line: string) => problems.push(line),
  }
  const world = { db, sealer: gate.sealer }
  const code = await runExplainDecision(world, given, { json: false, io, page })
  return { code, text: lines.join('\n'), problems: problems.join('\n') }
}

test('policy explain --decision tells a decision that was made, by its id or its attempt’s, in lines or as a page', async () => {
  const { code, text } = await explain({ decision: first.id })
  assert.equal(code, 0)
  assert.match(text, new RegExp(`^decision ${first.id}, attempt ${first.attempt}.*same answer`))
  for (const rule of first.rules) assert.ok(text.includes(rule), rule)
  assert.equal((await explain({ attempt: first.attempt })).text, text)
  assert.match((await explain({ decision: first.id }, 'en')).text, /<html lang="en">/)
})

test('an id that is none, or of no decision, returns 2 and says what ids look like', async () => {
  for (const decision of ['12', 'x-1', '1-999999999']) {
    const { code, problems } = await explain({ decision })
    assert.equal(code, 2)
    assert.match(problems, /ids look like 12-345/)
  }
})
