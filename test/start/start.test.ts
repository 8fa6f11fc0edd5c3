import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { findChromium, NO_CHROMIUM, openChromium } from '../package/open-chromium.ts'
import { freePorts, type Started, startProduct } from './start-product.ts'

// The one command as a person sees it: a book, verdicts, a live page, an end that leaves nothing, a second start.

const WIDTHS = [1280, 390]

test('one command shows a living book, ends without a trace, and finds its data again', async (t) => {
  const home = await mkdtemp(join(tmpdir(), 'dunlin-start-'))
  t.after(() => rm(home, { recursive: true, force: true }))
  const ports = await freePorts(6)
  const first = await startProduct(home, ports)
  const borrowers = await countBorrowers(first)
  assert.ok(borrowers > 100)
  await t.test(
    'the page shows it in a browser, in Chinese and English, wide and narrow',
    (inner) => {
      const chromium = findChromium()
      return chromium === null ? inner.skip(NO_CHROMIUM) : drivePage(first, chromium)
    },
  )
  await t.test('a borrower of the demo pays by the sandbox’s WeChat Pay', () =>
    payAnOrder(first.url, { home, controlPort: ports[4] ?? 0 }),
  )
  const { code, output } = await first.end()
  assert.equal(code, 0, output)
  assert.deepEqual(await listProcesses(home), [], 'processes left behind')
  const second = await startProduct(home, ports)
  assert.equal(await countBorrowers(second), borrowers)
  t.diagnostic(`first start ${first.seconds.toFixed(1)} s, second ${second.seconds.toFixed(1)} s`)
  assert.equal((await second.end()).code, 0)
  assert.deepEqual(await listProcesses(home), [], 'processes left behind')
})

const PAID_WITHIN_MS = 10_000

async function payAnOrder(
  url: string,
  { home, controlPort }: { home: string; controlPort: number },
): Promise<void> {
  const keys = await readFile(join(home, 'demo/keys.json'), 'utf8')
  const key = /"operator":"([^"]+)"/.exec(keys)?.[1] ?? ''
  const ask = async (path: string, body?: object): Promise<string> => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    return (await fetch(`${url}/api/v1/${path}`, { headers, ...sent })).text()
  }
  const caseId = /"id":"(\d+)"/.exec(await ask('cases?state=open&limit=1'))?.[1]
  const terms = { amountMinor: 100, currency: 'CNY', way: 'native' }
  const order = await ask('payments/orders', { caseId, ...terms })
  assert.match(order, /"state":"open".*"codeUrl":"weixin:/)
  const [, id, outTradeNo] = /"id":"(\d+)","outTradeNo":"(\w+)"/.exec(order) ?? []
  const control = `http://127.0.0.1:${controlPort}/wechat-pay/pay`
  const paid = await fetch(control, { method: 'POST', body: JSON.stringify({ outTradeNo }) })
  assert.equal(paid.status, 200)
  const deadline = performance.now() + PAID_WITHIN_MS
  while (!(await ask(`payments/orders/${id}`)).includes('"state":"paid"'))
    assert.ok(performance.now() < deadline, 'the payment was not heard of')
}

/** The board as a manager sees it through the API. */
async function countBorrowers(started: Started): Promise<number> {
  const cookie = await signIn(started)
  const answer = await fetch(`${started.url}/console-api/board`, { headers: { cookie } })
  const body: unknown = await answer.json()
  return Number(/"borrowers":(\d+)/.exec(JSON.stringify(body))?.[1])
}

const LOGIN = 'manager@example.com'

async function signIn({ url, password }: Started): Promise<string> {
  const answer = await fetch(`${url}/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email: LOGIN, password }),
  })
  assert.equal(answer.status, 200)
  return answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ')
}

async function drivePage({ url, password }: Started, executable: string): Promise<void> {
  const browser = await openChromium(executable)
  try {
    for (const width of WIDTHS) {
      const context = await browser.newContext({
        viewport: { width, height: 850 },
        locale: 'zh-CN',
      })
      const page = await context.newPage()
      const errors: string[] = []
      page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
      page.on('pageerror', (error) => errors.push(String(error)))
      await page.goto(url)
      await page.getByLabel('邮箱').fill(LOGIN)
      await page.getByLabel('密码').fill(password)
      await page.getByLabel('密码').press('Enter')
      await checkPage(page, width === WIDTHS[0] ? ['contact.sent', 'contact.delivered'] : [])
      const overflow = await page.evaluate('document.documentElement.scrollWidth')
      assert.ok(Number(overflow) <= width, `${overflow} pixels on a page of ${width}`)
      // Whoever is not signed in yet is told so, once: that is how the page learns it.
      assert.deepEqual(
        errors.filter((text) => !text.includes('401')),
        [],
      )
      await context.close()
    }
  } finally {
    await browser.close()
  }
}

/** The demo begins in the morning, before the first page that is opened: within seconds it plans, asks the gate, sends and hears back. */
async function checkPage(page: Page, events: readonly string[]): Promise<void> {
  await page.getByRole('region', { name: '在催案件' }).locator('tbody tr').nth(1).waitFor()
  await page
    .getByRole('region', { name: '今日裁决' })
    .locator('strong.good')
    .waitFor({ timeout: 60_000 })
  for (const event of events)
    await page.locator(`li[data-event="${event}"]`).first().waitFor({ timeout: 60_000 })
  await page.locator('li[data-event]').first().waitFor()
  await page.getByRole('button', { name: 'English' }).press('Enter')
  await page.getByRole('heading', { name: 'Verdicts today' }).waitFor()
}

/** Processes whose command line or environment names the folder. */
async function listProcesses(folder: string): Promise<string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    ids.map(async (id) => {
      const read = (file: string) => readFile(`/proc/${id}/${file}`, 'utf8').catch(() => '')
      const [command, environment] = await Promise.all([read('cmdline'), read('environ')])
      return (command + environment).includes(folder) ? [command.replaceAll('\0', ' ')] : []
    }),
  )
  return found.flat()
}
