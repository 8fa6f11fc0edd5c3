import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { aPortfolio, type Load, load } from '../../server/src/loanbook/test-book.ts'
import { openTestDatabase } from '../../server/src/platform/db/test-database.ts'

// A full disk, once under the reject file and once under the database: told as such, nothing changed.

const HEAD = 'loan_no,borrower_no,name,principal_outstanding,oldest_unpaid_due_on,as_of\n'
const ROWS = 60_000
const FULL = { code: 'import.disk_full', message: /nothing was changed.*free space/s }

const db = await openTestDatabase()
await aPortfolio(db)

async function refusesWhole(given: Load): Promise<void> {
  await assert.rejects(load(db, given), FULL)
  const [left] = await db.query<{ loans: string; events: string; borrowers: string }>(
    `select (select count(*) from loan) loans, (select count(*) from ledger_event) events,
       (select count(*) from borrower) borrowers`,
  )
  assert.deepEqual(left, { loans: '0', events: '0', borrowers: '0' })
  const [job] = await db.query<{ state: string; error: string }>(
    'select state, error from import_job order by import_job_id desc limit 1',
  )
  assert.equal(job?.state, 'failed')
  assert.match(job?.error ?? '', /disk is full/)
}

test('a full disk under the reject file refuses the import whole and says so', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dunlin-full-'))
  after(() => rmSync(folder, { recursive: true }))
  const [next] = await db.query<{ id: string }>('select count(*) + 1 id from import_job')
  symlinkSync('/dev/full', join(folder, `import-${next?.id}.csv`))
  const text = `${HEAD}L1,B1,甲,100,,2026-05-31\nL2,B2,乙,abc,,2026-05-31\n`
  await refusesWhole({ kind: 'loans', text, rejectFolder: folder })
})

const isRoot = process.getuid?.() === 0
const skip = isRoot ? false : 'only root can make a small disk'
test('a full disk under the database refuses the import whole and says so', { skip }, async (t) => {
  const disk = mkdtempSync('/tmp/dunlin-disk-')
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', disk])
  if (mounted.status !== 0) return t.skip('this machine mounts no small disk')
  after(() => spawnSync('umount', ['--lazy', disk]))
  const [{ folder = '' } = {}] = await db.query<{ folder: string }>(
    `select current_setting('data_directory') folder`,
  )
  const owner = statSync(folder)
  chownSync(disk, owner.uid, owner.gid)
  await db.run(`create tablespace small_disk location '${disk}'`)
  await db.run('alter table ledger_event set tablespace small_disk')
  const rows = Array.from({ length: ROWS }, (_, i) => `L${i},B${i},某某,100,,2026-05-31`)
  await refusesWhole({ kind: 'loans', text: HEAD + rows.join('\n') })
  await db.run('alter table ledger_event set tablespace pg_default')
  await db.run('drop tablespace small_disk')
})
