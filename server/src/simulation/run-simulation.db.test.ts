import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { stringify } from 'yaml'
import { aGate } from '../contact/test-gate.ts'
import type { Database } from '../platform/db/index.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { loadStrategy } from '../strategy/load-strategy.ts'
import { compileStrategy } from '../strategy/model/strategy.ts'
import { runSimulation, type SimulationResult } from './index.ts'

const FOLDER = join(import.meta.dirname, '../../../strategies')
const gate = await aGate()
const ladder = await loadStrategy('cn-consumer-early-mid', FOLDER)
/** The same ladder that never takes a step. */
const silent = compileStrategy({
  ...ladder.document,
  steps: ladder.document.steps.map((step) => ({ ...step, when: 'false' })),
})

const SILENT_FOLDER = await mkdtemp(join(tmpdir(), 'dunlin-silent-'))
await writeFile(join(SILENT_FOLDER, `${silent.document.name}.yaml`), stringify(silent.document))

async function simulate(
  strategy = ladder,
  strategyFolder = FOLDER,
): Promise<{ db: Database; result: SimulationResult }> {
  const db = await openTestDatabase()
  const { policyOf, templates, sealer } = gate
  const size = { borrowers: 40, days: 40, seed: 3 }
  const given = { db, sealer, policyOf, templates, strategy, ...size }
  return { db, result: await runSimulation({ ...given, strategyFolder }) }
}

test('the same seed gives the same end; people pay more under a ladder than unasked; stops are kept', async () => {
  const first = await simulate()
  const again = await simulate()
  assert.deepEqual(first.result, again.result)
  const { contacts, cured, stops, replies, paidMinor } = first.result
  assert.ok(contacts > 100 && cured > 5 && replies > 0 && stops > 0, JSON.stringify(first.result))
  const late = await first.db.query(
    `select 1 from attempt a join hold h using (borrower_id)
     where h.kind = 'channel-stop' and a.channel = h.channel and a.direction = 'outbound'
       and a.state in ('sent', 'permitted') and a.at > h.from_at`,
  )
  assert.deepEqual(late, [])
  const without = await first.db.query(
    `select 1 from attempt where direction = 'outbound' and state = 'sent' and permit_id is null`,
  )
  assert.deepEqual(without, [])
  const quiet = await simulate(silent, SILENT_FOLDER)
  assert.equal(quiet.result.contacts, 0)
  assert.ok(quiet.result.paidMinor > 0 && quiet.result.paidMinor < paidMinor)
  const people = (db: Database) =>
    db.query(
      "select l.loan_no, sum(e.principal_minor) as p from loan l join ledger_event e using (borrower_id, loan_id) where kind in ('scheduled', 'snapshot') group by 1 order by 1",
    )
  assert.deepEqual(await people(quiet.db), await people(first.db))
})
