import { after } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { ensureWeb } from '../../server/src/build-web.ts'
import { aPortal, type Portal } from '../../server/src/portal-api/test-portal.ts'
import { openChromium } from '../package/open-chromium.ts'

// The built portal in a real browser, over a real book.

export type Screen = {
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  readonly language?: 'zh-CN' | 'en'
}
const WAIT_MS = 10_000

export type Visit = { readonly page: Page; readonly errors: string[] }

export async function aBrowserOnPortal(executable: string) {
  const webFolder = await ensureWeb('portal', () => undefined)
  const portal = await aPortal({ webFolder })
  const browser = await openChromium(executable)
  after(() => browser.close())
  return {
    portal,
    browser,
    open: (place: string, screen: Screen = {}) => openPage(browser, { portal, place, screen }),
    comeIn: (borrowerNo: string, screen: Screen = {}) =>
      comeInBy(browser, { portal, borrowerNo, screen }),
  }
}

async function openPage(
  browser: Browser,
  { portal, place, screen }: { portal: Portal; place: string; screen: Screen },
): Promise<Visit> {
  const { width = 390, height = 844, scheme = 'light', language = 'zh-CN' } = screen
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  })
  await context.addInitScript(`localStorage.setItem('dunlin.language', '${language}')`)
  const page = await context.newPage()
  page.setDefaultTimeout(WAIT_MS)
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  await page.goto(`${portal.url}/portal/#/${place}`)
  return { page, errors }
}

/** As a borrower does it: the link of a message, a code to the own phone, the page. */
async function comeInBy(
  browser: Browser,
  { portal, borrowerNo, screen }: { portal: Portal; borrowerNo: string; screen: Screen },
): Promise<Visit> {
  // Somebody who comes often in a test is not one who tries codes.
  portal.wall.set(portal.wall.now() + 2 * 3_600_000)
  const visit = await openPage(browser, {
    ...{ portal, screen },
    place: `s/${await portal.linkOf(borrowerNo)}`,
  })
  const { page } = visit
  const isEnglish = screen.language === 'en'
  await page.getByRole('button', { name: isEnglish ? 'Send the code' : '发送验证码' }).click()
  const field = page.getByLabel(isEnglish ? 'Code of 6 digits' : '6位验证码')
  await field.waitFor()
  await portal.dispatch()
  await field.fill(portal.lastCode())
  await page.getByRole('button', { name: isEnglish ? 'Enter' : '进入', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: isEnglish ? /^Hello/ : /您好$/ }).waitFor()
  return visit
}
