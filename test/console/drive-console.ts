import assert from 'node:assert/strict'
import { after } from 'node:test'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { z } from 'zod'
import { ensureWeb } from '../../server/src/build-web.ts'
import { aConsole, PASSWORD } from '../../server/src/console-api/test-console.ts'
import { openChromium } from '../package/open-chromium.ts'

// The built console in a real browser, over a real book.

const PEOPLE = [
  ['agent@example.com', ['agent'], { agentLogin: 'ann', team: 'early' }],
  ['manager@example.com', ['manager'], {}],
  ['compliance@example.com', ['compliance', 'qa'], {}],
  ['admin@example.com', ['administrator'], {}],
] as const

export type Screen = {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  readonly language?: 'zh-CN' | 'en'
}

/** A console that is served, and a browser. `open(email, path)` signs in and goes there. */
export async function aBrowserOn(executable: string) {
  const webFolder = await ensureWeb('console', () => undefined)
  const console = await aConsole({ webFolder })
  for (const [email, roles, given] of PEOPLE) await console.hire(email, roles, given)
  const browser = await openChromium(executable)
  after(() => browser.close())
  const open = (email: string, path: string, screen: Screen = {}) =>
    openPage(browser, { url: console.url, email, path, screen })
  return { ...console, browser, open }
}

export type Opened = { readonly page: Page; readonly errors: string[] }

async function openPage(
  browser: Browser,
  given: { url: string; email: string; path: string; screen: Screen },
): Promise<Opened> {
  const { width = 1440, height = 900, scheme = 'light', language = 'zh-CN' } = given.screen
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  })
  await context.addInitScript(`localStorage.setItem('dunlin.language', '${language}')`)
  const page = await context.newPage()
  const errors: string[] = []
  const answer = await context.request.post(`${given.url}/auth/sign-in/email`, {
    data: { email: given.email, password: PASSWORD },
    headers: { origin: given.url },
  })
  assert.equal(answer.status(), 200)
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(`${given.url}${given.path}`)
  return { page, errors }
}

const violations = z.array(
  z.object({
    id: z.string(),
    nodes: z.array(z.object({ html: z.string(), target: z.array(z.unknown()) })),
  }),
)

/** What axe finds against WCAG 2.2 AA on the page as it stands; empty when nothing. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const found = await page.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((r) => r.violations)`,
  )
  return violations
    .parse(found)
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`))
}
