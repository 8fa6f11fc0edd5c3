import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findChromium, NO_CHROMIUM } from '../package/open-chromium.ts'
import { aBrowserOn, findBarriers } from './drive-console.ts'

// Every page: no barrier that axe knows of, no error in the console, no sideways scroll, in light and dark,
// wide and narrow. A page is added here with one line.

/** A call to the first borrower in the middle of a night. */
const ASKED = '/gate?borrower=B1&at=2026-06-02T23%3A30&channel=call&point=1'

const PAGES = [
  { email: 'manager@example.com', path: '/', ready: '今日看板' },
  { email: 'agent@example.com', path: '/', ready: '待办' },
  { email: 'agent@example.com', path: '/desk?scope=all', ready: '待办' },
  { email: 'agent@example.com', path: '/cases', ready: '案件' },
  { email: 'agent@example.com', path: '/cases/1', ready: /\*/ },
  { email: 'manager@example.com', path: '/reports', ready: '报表' },
  { email: 'manager@example.com', path: '/reports/refusals', ready: '拒绝触达' },
  { email: 'manager@example.com', path: '/reports/roll_matrix', ready: '滚动率' },
  { email: 'manager@example.com', path: '/reports/ledger_reconciliation', ready: '账务核对' },
  { email: 'manager@example.com', path: '/strategies', ready: '策略' },
  {
    email: 'manager@example.com',
    path: '/strategies/cn-consumer-early-mid',
    ready: '国内消费贷：逾期前至 M3',
  },
  {
    email: 'manager@example.com',
    path: '/strategies/cn-consumer-early-mid?tab=trial',
    ready: '国内消费贷：逾期前至 M3',
  },
  {
    email: 'manager@example.com',
    path: '/strategies/cn-consumer-early-mid?tab=drafts',
    ready: '国内消费贷：逾期前至 M3',
  },
  {
    email: 'manager@example.com',
    path: '/strategies/cn-consumer-early-mid?tab=versions',
    ready: '国内消费贷：逾期前至 M3',
  },
  {
    email: 'manager@example.com',
    path: '/strategies/cn-consumer-early-mid/edit',
    ready: '编辑草稿',
  },
  { email: 'manager@example.com', path: '/queues', ready: '待办队列' },
  { email: 'manager@example.com', path: '/queues?tab=holds', ready: '待办队列' },
  { email: 'manager@example.com', path: '/queues?tab=forgotten', ready: '待办队列' },
  { email: 'manager@example.com', path: '/assignment', ready: '分案' },
  { email: 'manager@example.com', path: '/assignment?tab=deal&portfolio=main', ready: '分案' },
  { email: 'manager@example.com', path: '/assignment?tab=deals', ready: '分案' },
  { email: 'manager@example.com', path: '/assignment?tab=moves', ready: '分案' },
  { email: 'manager@example.com', path: '/assignment?tab=outside', ready: '分案' },
  { email: 'manager@example.com', path: '/templates', ready: '模板' },
  { email: 'manager@example.com', path: '/templates/cn-s1-sms', ready: 'cn-s1-sms' },
  {
    email: 'manager@example.com',
    path: '/templates/cn-m3-letter?tab=versions',
    ready: 'cn-m3-letter',
  },
  { email: 'manager@example.com', path: '/templates/cn-s1-email/edit', ready: /编辑草稿/ },
  { email: 'manager@example.com', path: '/providers', ready: '供应商账号' },
  { email: 'manager@example.com', path: '/providers/sms', ready: 'sms' },
  { email: 'compliance@example.com', path: '/rules', ready: '现行规则' },
  { email: 'compliance@example.com', path: '/rules?tab=diff&first=cn', ready: '现行规则' },
  { email: 'compliance@example.com', path: '/rules?pack=uk&find=hour', ready: '现行规则' },
  { email: 'compliance@example.com', path: '/decisions', ready: '裁决' },
  { email: 'compliance@example.com', path: '/gate', ready: '问闸门' },
  { email: 'compliance@example.com', path: ASKED, ready: '问闸门' },
  { email: 'compliance@example.com', path: '/evidence', ready: '证据' },
  { email: 'compliance@example.com', path: '/evidence?tab=export', ready: '证据' },
  { email: 'compliance@example.com', path: '/evidence?tab=checkpoints', ready: '证据' },
  { email: 'compliance@example.com', path: '/audit', ready: '审计轨迹' },
  { email: 'compliance@example.com', path: '/personal-data', ready: '个人信息' },
  { email: 'compliance@example.com', path: '/personal-data?tab=looks', ready: '个人信息' },
  { email: 'admin@example.com', path: '/staff', ready: '人员' },
  { email: 'agent@example.com', path: '/account', ready: '账号与安全' },
  { email: 'manager@example.com', path: '/portfolios', ready: '资产包' },
  { email: 'manager@example.com', path: '/imports', ready: '导入' },
  { email: 'manager@example.com', path: '/imports?state=failed', ready: '导入' },
  { email: 'manager@example.com', path: '/imports/new', ready: '导入文件' },
  { email: 'manager@example.com', path: '/imports/1', ready: '导入 1' },
] as const
const SCREENS = [
  { scheme: 'light', width: 1440, height: 900 },
  { scheme: 'dark', width: 390, height: 844 },
] as const

/** The page itself scrolls inside `main`: what is wider than that is cut off. */
const WIDEST = `Math.max(document.documentElement.scrollWidth, document.querySelector('main').scrollWidth)`

const chromium = findChromium()

const skip = chromium === null ? NO_CHROMIUM : false

// A test for each screen: all pages of one stay well within the time that a test has.
for (const screen of SCREENS) {
  test(`pages are whole for everybody, ${screen.scheme} ${screen.width}`, { skip }, async (t) => {
    const driven = await aBrowserOn(chromium ?? '')
    for (const { email, path, ready } of PAGES) {
      await t.test(path, async () => {
        const { page, errors } = await driven.open(email, path, screen)
        await page.getByRole('heading', { level: 1, name: ready }).waitFor()
        await page.waitForLoadState('networkidle', { timeout: 800 }).catch(() => undefined)
        await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' })
        assert.deepEqual(await findBarriers(page), [])
        const wide = Number(await page.evaluate(WIDEST))
        assert.ok(wide <= screen.width, `${wide} pixels on a screen of ${screen.width}`)
        assert.deepEqual(errors, [])
        await page.context().close()
      })
    }
  })
}

test('pages are worked with', { skip }, async (t) => {
  const driven = await aBrowserOn(chromium ?? '')
  await t.test(
    'the list is walked and opened by keys, and filters stand in the address',
    async () => {
      const { page } = await driven.open('agent@example.com', '/cases')
      const rows = page.locator('tr[data-index]')
      await rows.first().focus()
      await page.keyboard.press('ArrowDown')
      await page.locator('tr[data-index="1"]:focus').waitFor()
      await page.getByRole('combobox', { name: '排序' }).click()
      await page.getByTitle('最近开立').click()
      await page.waitForURL(/sort=opened/)
      await page.context().close()
    },
  )
  await t.test(
    'a strategy is tried on the book, and a fault in a draft is shown by its line',
    async () => {
      const { page, errors } = await driven.open(
        'manager@example.com',
        '/strategies/cn-consumer-early-mid?tab=trial',
      )
      await page.getByRole('button', { name: '开始试运行' }).click()
      await page.getByText('按阶段、渠道与判定计数').waitFor()
      assert.deepEqual(await findBarriers(page), [])
      await page.getByRole('button', { name: '编辑草稿' }).click()
      const text = page.getByLabel('策略全文')
      await text.fill((await text.inputValue()).replace('channel: sms', 'channel: pigeon'))
      await page.getByRole('button', { name: /^第 \d+ 行$/ }).waitFor()
      assert.deepEqual(await findBarriers(page), [])
      const keep = page.getByRole('button', { name: '保存为草稿' })
      assert.equal(await keep.getAttribute('aria-disabled'), 'true')
      assert.deepEqual(errors, [])
      await page.context().close()
    },
  )
  await t.test('without a session every page leads to the sign-in and back', async () => {
    const context = await driven.browser.newContext({ reducedMotion: 'reduce' })
    const page = await context.newPage()
    await page.goto(`${driven.url}/cases?sort=opened`)
    await page.getByRole('heading', { name: '登录 Dunlin' }).waitFor()
    assert.deepEqual(await findBarriers(page), [])
    await page.getByLabel('邮箱').fill('agent@example.com')
    await page.getByLabel('密码').fill('correct horse battery')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/cases\?sort=opened/)
    await context.close()
  })
})
