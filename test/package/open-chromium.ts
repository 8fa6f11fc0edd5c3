import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where the system's Chromium is; on Debian as root it is installed when it is absent. Null when there is none. */
export function findChromium(): string | null {
  const found = PATHS.find((path) => existsSync(path))
  if (found !== undefined) return found
  if (!mayInstall()) return null
  const options = {
    stdio: 'ignore',
    env: { DEBIAN_FRONTEND: 'noninteractive', PATH: '/usr/bin:/usr/sbin:/bin:/sbin' },
  } as const
  spawnSync('apt-get', ['update'], options)
  spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], options)
  return PATHS.find((path) => existsSync(path)) ?? null
}

function mayInstall(): boolean {
  const release = '/etc/os-release'
  const isDebian =
    existsSync(release) && /^ID(_LIKE)?=.*debian/m.test(readFileSync(release, 'utf8'))
  return isDebian && process.getuid?.() === 0
}

export const NO_CHROMIUM = 'no Chromium: on Debian `apt-get install chromium`, then run again'

export async function openChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}
