import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
/** Builds of other sources that are kept, for switching back and forth. */
const KEPT = 3
const SOURCES = ['ui', 'contract', 'kernel', 'policy'].map((name) => `${name}/src/**/*.{ts,tsx}`)

const PAGES = ['src/**/*.*', '*.{ts,html,json}']
const OWN = {
  console: PAGES,
  portal: PAGES,
  docs: ['**/*.{md,png}', '*.{ts,json}', '.vitepress/*.ts'],
}
type Web = keyof typeof OWN

/**
 * The folder of a browser package, built from its sources when no build of exactly these is there yet. No
 * build output is kept with the sources: whoever starts the product has the tools to make it.
 */
export async function ensureWeb(name: Web, say: (line: string) => void): Promise<string> {
  const cache = join(ROOT, 'node_modules/.cache/dunlin-web')
  const folder = join(cache, `${name}-${hashOf(name)}`)
  if (existsSync(join(folder, 'index.html'))) return folder
  say(`building the ${name}, once for these sources…`)
  const startedAt = performance.now()
  await mkdir(cache, { recursive: true })
  await removeOld(cache, name)
  const child = spawn(process.execPath, [join(name, 'build.ts'), folder], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`the ${name} could not be built; the lines above say why`)
  say(`built the ${name} in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return folder
}

/** A hash of all that the build reads. */
function hashOf(name: Web): string {
  const hash = createHash('sha256')
  const own = [...OWN[name].map((path) => `${name}/${path}`), 'package-lock.json']
  for (const file of globSync([...own, ...SOURCES], { cwd: ROOT }).sort())
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(join(ROOT, file)))
  return hash.digest('hex').slice(0, 16)
}

async function removeOld(cache: string, name: string): Promise<void> {
  const old = (await readdir(cache)).filter((each) => each.startsWith(`${name}-`)).sort()
  for (const each of old.slice(0, Math.max(0, old.length - KEPT)))
    await rm(join(cache, each), { recursive: true, force: true })
}
