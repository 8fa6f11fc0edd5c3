import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'

const SECRET_BYTES = 32

/** The installation's secret of sign-in: random, made at the first start, shared by all its machines like the seal keys. */
export async function readAuthSecret(path: string): Promise<string> {
  const stored = await readFile(path, 'utf8').catch(() => null)
  if (stored !== null) return stored.trim()
  const fresh = randomBytes(SECRET_BYTES).toString('base64url')
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  // Two programs may start at once: whoever comes second takes the first one's.
  const isMine = await writeFile(path, fresh, { mode: 0o600, flag: 'wx' }).then(
    () => true,
    () => false,
  )
  return isMine ? fresh : (await readFile(path, 'utf8')).trim()
}
