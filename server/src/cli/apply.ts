import { readFile } from 'node:fs/promises'
import { settingsSchema } from '@dunlin/contract'
import type { Instant } from '@dunlin/kernel'
import { parse } from 'yaml'
import { z } from 'zod'
import { applySettings } from '../people/index.ts'
import type { Database } from '../platform/db/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { EXIT, type Io } from './io.ts'

/** `dunlin apply FILE.yaml`: idempotent; prints keys that were made now, once. */
export async function runApply(
  { db, sealer, at, file }: { db: Database; sealer: Sealer; at: Instant; file: string },
  { json, io }: { json: boolean; io: Io },
): Promise<number> {
  const parsed = settingsSchema.safeParse(parse(await readFile(file, 'utf8')))
  if (!parsed.success) {
    io.error(`${file}:\n${z.prettifyError(parsed.error)}`)
    return EXIT.usage
  }
  const { newKeys } = await applySettings(db, parsed.data, { sealer, at })
  if (json) io.out(JSON.stringify({ applied: true, newKeys }))
  else {
    io.out('settings applied')
    for (const { name, key } of newKeys) io.out(`key ${name}, shown once: ${key}`)
  }
  return EXIT.ok
}
