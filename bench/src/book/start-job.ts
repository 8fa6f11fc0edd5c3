import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'

const SCRIPT = join(import.meta.dirname, 'run-job.ts')
const measured = z.object({ seconds: z.number(), megabytes: z.number() })

/** What one job took, in a process of its own: seconds of the work and the most memory it held. */
export async function startJob(job: string, ...given: string[]): Promise<z.infer<typeof measured>> {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, job, ...given])
  return measured.parse(JSON.parse(stdout))
}
