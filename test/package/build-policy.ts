import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const ROOT = join(import.meta.dirname, '../..')

/** Builds the package of the gate into a folder of its own, as `npm run build:policy` does. */
export function buildPolicy(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'dunlin-policy-')), 'package')
  execFileSync(process.execPath, [join(ROOT, 'scripts/build-policy.ts'), folder])
  return folder
}
