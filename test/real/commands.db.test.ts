import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readEnv } from '../../server/src/platform/config/env.ts'
import type { Database } from '../../server/src/platform/db/index.ts'
import { openTestDatabase } from '../../server/src/platform/db/test-database.ts'

// The path of docs/guide/real-data.md with the commands themselves, on a made-up book of three.

const ROOT = join(import.meta.dirname, '../..')
const SETTINGS = 'maps/real-data-settings.yaml'
const BOOK = `loan_no,borrower_no,name,phone,email,principal_outstanding,overdue_principal,oldest_unpaid_due_on,as_of,zone
L1,B1,Ann Example,+12125550101,ann@example.com,100,10,2010-06-20,2010-06-30,America/New_York
L2,B2,Bob Example,+12135550102,,100,10,2010-04-15,2010-06-30,America/Los_Angeles
L3,B3,Cy Example,not a number,,100,10,2010-04-15,2010-06-30,America/Los_Angeles
`

const home = await mkdtemp(join(tmpdir(), 'dunlin-commands-'))
after(() => rm(home, { recursive: true, force: true }))

type Ended = { readonly code: number; readonly out: string; readonly error: string }

async function commandsOn(db: Database): Promise<(...args: string[]) => Promise<Ended>> {
  const [row] = await db.query<{ name: string }>('select current_database() as name')
  const url = new URL(readEnv('DUNLIN_TEST_DATABASE_URL') ?? '')
  url.pathname = `/${row?.name}`
  const env = { PATH: readEnv('PATH'), DUNLIN_HOME: home, DATABASE_URL: url.href }
  return (...args) =>
    new Promise((resolve) => {
      const given = [join(ROOT, 'server/src/cli/main.ts'), ...args]
      execFile(process.execPath, given, { cwd: ROOT, env }, (error, out, told) => {
        const code = typeof error?.code === 'number' ? error.code : 0
        resolve({ code, out, error: told })
      })
    })
}

test('a sandbox, settings, a file, a cycle and two rounds of dispatch, by command', async () => {
  const dunlin = await commandsOn(await openTestDatabase())
  const book = join(home, 'book.csv')
  await writeFile(book, BOOK)
  assert.equal((await dunlin('db', 'migrate', '--sandbox')).code, 0)
  assert.equal((await dunlin('apply', SETTINGS)).code, 0)

  const load = ['import', 'loans', book, '--portfolio', 'lending-club'] as const
  const dry = await dunlin(...load, '--dry-run')
  assert.match(dry.out, /^dry run, nothing was changed: 3 read, 2 created/)
  const loaded = await dunlin(...load)
  assert.equal(loaded.code, 1, 'some rows were rejected')
  assert.match(loaded.out, /3 read, 2 created, 0 changed, 0 unchanged, 1 rejected/)
  const rejects = /rejected rows: (.*)/.exec(loaded.out)?.[1] ?? ''
  assert.match(await readFile(rejects, 'utf8'), /^4,phone,/m)
  const missing = await dunlin('import', 'loans', 'absent.csv', '--portfolio', 'lending-club')
  assert.deepEqual([missing.code, missing.error], [2, 'there is no file absent.csv\n'])

  const cycle = await dunlin('cycle', '--as-of', '2010-06-30')
  assert.match(cycle.out, /opened 2,/)
  assert.match(cycle.out, /S1\tsms\tplanned\t1\n/)
  assert.match(cycle.out, /M3\tsms\tplanned\t1\n/)

  const evening = await dunlin('dispatch', '--at', '2010-07-01T03:30:00Z')
  assert.match(evening.out, /^permitted 1, deferred 2, .*sent 1, .*not sent 0\n/)
  assert.match(evening.out, /M3\tsms\tpermitted\t1\n/)
  const noon = await dunlin('--json', 'dispatch', '--at', '2010-07-01T16:00:00Z')
  const { permitted, sent, decided } = JSON.parse(noon.out)
  assert.deepEqual(
    [permitted, sent, decided],
    [
      2,
      2,
      [
        { stage: 'S1', channel: 'email', verdict: 'permitted', count: 1 },
        { stage: 'S1', channel: 'sms', verdict: 'permitted', count: 1 },
      ],
    ],
  )
  assert.match((await dunlin('evidence', 'verify', '--all')).out, /^5 decisions, .* 0 problems/)
})

test('an installation that holds a book never becomes a sandbox, and its clock cannot be set', async () => {
  const dunlin = await commandsOn(await openTestDatabase())
  assert.equal((await dunlin('apply', 'demo/settings.yaml')).code, 0)
  const sandbox = await dunlin('db', 'migrate', '--sandbox')
  assert.notEqual(sandbox.code, 0)
  assert.match(sandbox.error, /this one holds a book/)
  const dispatch = await dunlin('dispatch', '--at', '2010-07-01T03:30:00Z')
  assert.deepEqual([dispatch.code, /only in the sandbox/.test(dispatch.error)], [2, true])
})
