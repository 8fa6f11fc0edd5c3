import { setTimeout as wait } from 'node:timers/promises'
import { Logger, run } from 'graphile-worker'
import { type Database, openDatabase } from '../../server/src/platform/db/index.ts'

/** Jobs a second of graphile-worker with its local queue on the same server, the jobs doing nothing. */
export async function benchGraphileWorker(url: string, jobs: number): Promise<number> {
  const db = openDatabase({ url, connectionsMax: 1 })
  let done = 0
  const finished = Promise.withResolvers<void>()
  const options = {
    connectionString: url,
    concurrency: 24,
    maxPoolSize: 24,
    noHandleSignals: true,
    // A line a job would measure the terminal.
    logger: new Logger(() => () => undefined),
    preset: {
      worker: {
        connectionString: url,
        concurrentJobs: 24,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
    taskList: {
      nothing: () => {
        done += 1
        if (done === jobs) finished.resolve()
      },
    },
  }
  const warm = await run({ ...options, taskList: { nothing: () => undefined } })
  await warm.stop()
  await db.run(
    `insert into graphile_worker._private_tasks (identifier) values ('nothing') on conflict (identifier) do nothing`,
  )
  await db.run(
    `select graphile_worker.add_jobs(array(select json_populate_record(null::graphile_worker.job_spec, '{"identifier":"nothing"}') from generate_series(1, $1::integer)))`,
    [jobs],
  )
  const startedAt = performance.now()
  const runner = await run(options)
  await finished.promise
  const seconds = (performance.now() - startedAt) / 1000
  await runner.stop()
  await othersGone(db)
  await db.close()
  return jobs / seconds
}

const GONE_TRIES_MAX = 200
const GONE_WAIT_MS = 50

/** Its pool says goodbye and does not wait: a server that stops meanwhile would break what is already measured. */
async function othersGone(db: Database): Promise<void> {
  for (let tries = 0; tries < GONE_TRIES_MAX; tries += 1) {
    const others = await db.query(
      'select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    )
    if (others.length === 0) return
    await wait(GONE_WAIT_MS)
  }
}
