import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Where the system's Chromium is; `npm test` brings it where it may. Null when there is none. */
export function findChromium(): string | null {
  return PATHS.find((path) => existsSync(path)) ?? null
}

export const NO_CHROMIUM = 'no Chromium: on Debian `apt-get install chromium`, then run again'

export async function openChromium(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}
