import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { z } from 'zod'
import { createSealer, type Sealer } from './sealer.ts'

const KEY = 32
const base64Key = z.base64().transform((text) => Buffer.from(text, 'base64'))
const keyFile = z.object({
  current: z.int().min(1).max(255),
  keys: z.record(
    z.string(),
    base64Key.refine((key) => key.length === KEY, 'expected 32 bytes'),
  ),
  hashKey: base64Key.refine((key) => key.length === KEY, 'expected 32 bytes'),
})

/**
 * The sealer of a key file, readable by its owner alone. The file is made on first use; losing it
 * loses every sealed record, so it belongs into the backup, apart from the database.
 */
export async function openSealer(path: string): Promise<Sealer> {
  const text = (await readIfThere(path)) ?? (await makeKeyFile(path))
  const { current, keys, hashKey } = keyFile.parse(JSON.parse(text))
  return createSealer({
    current,
    hashKey,
    keys: new Map(Object.entries(keys).map(([id, key]) => [Number(id), key])),
  })
}

/** A sealer with fixed keys, for tests and benchmarks alone. */
export function createTestSealer(): Sealer {
  return createSealer({
    current: 1,
    keys: new Map([[1, Buffer.alloc(KEY, 7)]]),
    hashKey: Buffer.alloc(KEY, 9),
  })
}

async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

async function makeKeyFile(path: string): Promise<string> {
  const fresh = () => randomBytes(KEY).toString('base64')
  const text = JSON.stringify({ current: 1, keys: { 1: fresh() }, hashKey: fresh() }, null, 2)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // `wx`: of two programs starting at once, one makes the file and the other reads it.
  await writeFile(path, text, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  return readFile(path, 'utf8')
}
