import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { tell } from '../progress.ts'

const SCRIPT = join(import.meta.dirname, 'run-job.ts')
const measured = z.object({ seconds: z.number(), megabytes: z.number() })

/** What one job took, in a process of its own: seconds of the work and the most memory it held. */
export async function startJob(job: string, ...given: string[]): Promise<z.infer<typeof measured>> {
  tell(`${job} begins`)
  const child = spawn(process.execPath, [SCRIPT, job, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  if (code !== 0) throw new Error(`the job ${job} ended with ${code}`)
  const found = measured.parse(JSON.parse(said))
  tell(`${job} took ${found.seconds.toFixed(1)} s and ${found.megabytes} MB`)
  return found
}
