import { tmpdir } from 'node:os'
import { instant } from '@dunlin/kernel'
import { importFile } from '../../../server/src/loanbook/index.ts'
import { openDatabase } from '../../../server/src/platform/db/index.ts'
import { createReactions } from '../../../server/src/platform/events/index.ts'
import { createTestSealer } from '../../../server/src/platform/seal/index.ts'
import { runCycle } from '../../../server/src/strategy/index.ts'
import { tell, tellTenths } from '../progress.ts'
import { floorImport } from './import-floor.ts'
import { AS_OF } from './loan-file.ts'

// One measured job as a process of its own, so that its memory is its own: `node run-job.ts JOB DATABASE_URL [FILE]`.

const AT = instant(Date.UTC(2026, 5, 1, 2))
const MEGABYTE_KB = 1024
const TELL_CASES = 100_000

const [job = '', url = '', file = ''] = process.argv.slice(2)
const db = openDatabase({ url })
const sealer = createTestSealer()

const JOBS: Readonly<Record<string, () => Promise<unknown>>> = {
  import: () =>
    importFile({
      db,
      sealer,
      kind: 'loans',
      file,
      portfolio: 'bench',
      asOf: AS_OF,
      at: AT,
      rejectFolder: tmpdir(),
      onProgress: tellTenths(`${job}: file read`),
    }),
  'import-floor': () => floorImport(db, sealer, file),
  cycle: () =>
    runCycle({
      ...{ db, reactions: createReactions(), asOf: AS_OF, at: AT },
      onProgress: (cases) => {
        if (cases > 0 && cases % TELL_CASES === 0) tell(`${job}: ${cases} cases planned`)
      },
    }),
}

const startedAt = performance.now()
await JOBS[job]?.()
const seconds = (performance.now() - startedAt) / 1000
await db.close()
const megabytes = Math.round(process.resourceUsage().maxRSS / MEGABYTE_KB)
process.stdout.write(`${JSON.stringify({ seconds, megabytes })}\n`)
