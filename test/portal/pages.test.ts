import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { aReward } from '../../server/src/portal-api/test-reward.ts'
import { findBarriers } from '../console/drive-console.ts'
import { findChromium, NO_CHROMIUM } from '../package/open-chromium.ts'
import { aBrowserOnPortal } from './drive-portal.ts'

// Every page of the portal: no barrier that axe knows of, no error, no sideways scroll at 320 pixels, by touch and by keys.

const INSIDE = [
  ['', /您好$/, /^Hello/],
  ['pay', '还款', 'Pay'],
  ['plan', '能负担的方案', 'What you can afford'],
  ['help', '困难、异议、投诉', 'Hardship, dispute, complaint'],
  ['help/dispute', '困难、异议、投诉', 'Hardship, dispute, complaint'],
  ['choices', '联系方式与时间', 'How and when to reach you'],
  ['messages', '留言', 'Messages'],
  ['papers', '证明、协议与我的数据', 'Papers and my data'],
] as const
const OUTSIDE = [
  ['verify', '核验是不是我们', 'Check whether it is us'],
  ['out', '请先打开您的专属链接', 'Please open your own link first'],
] as const
const SCREENS = [
  { scheme: 'light', width: 390, height: 844, language: 'zh-CN' },
  { scheme: 'dark', width: 320, height: 568, language: 'zh-CN' },
  { scheme: 'light', width: 320, height: 568, language: 'en' },
] as const
const TOUCH_MIN = 44
/** What a finger has to hit, beside links within a sentence. */
const SMALL = `[...document.querySelectorAll('button, .tiles a, .choice, .bar a')]
  .filter((each) => each.getBoundingClientRect().height < ${TOUCH_MIN}).map((each) => each.textContent)`

async function check(page: Page, width: number): Promise<void> {
  await page.waitForLoadState('networkidle', { timeout: 3_000 }).catch(() => undefined)
  assert.deepEqual(await findBarriers(page), [])
  const wide = Number(await page.evaluate('document.documentElement.scrollWidth'))
  assert.ok(wide <= width, `${wide} pixels on a screen of ${width}`)
  assert.deepEqual(await page.evaluate(SMALL), [])
}

const chromium = findChromium()

test('pages of the portal are whole for everybody', {
  skip: chromium === null ? NO_CHROMIUM : false,
}, async (t) => {
  const driven = await aBrowserOnPortal(chromium ?? '')
  await aReward(driven.portal, { borrowerNo: 'B1', loanNo: 'L1' })
  for (const screen of SCREENS) {
    const { scheme, width, language } = screen
    const isEnglish = language === 'en'
    const name = `${language} ${scheme} ${width}`
    await t.test(`outside, ${name}`, async () => {
      const { page, errors } = await driven.open('verify', screen)
      for (const [place, zh, en] of OUTSIDE) {
        await page.goto(`${driven.portal.url}/portal/#/${place}`)
        await page.getByRole('heading', { level: 1, name: isEnglish ? en : zh }).waitFor()
        await check(page, width)
      }
      await page.goto(`${driven.portal.url}/portal/#/s/${await driven.portal.linkOf('B1')}`)
      await page.getByRole('radio').first().waitFor()
      await check(page, width)
      assert.doesNotMatch(
        (await page.locator('body').textContent()) ?? '',
        /王小明|欠|逾期|¥|owe|due/,
      )
      assert.deepEqual(errors, [])
      await page.context().close()
    })
    await t.test(`inside, ${name}`, async () => {
      const { page, errors } = await driven.comeIn('B1', screen)
      for (const [place, zh, en] of INSIDE) {
        await page.goto(`${driven.portal.url}/portal/#/${place}`)
        const heading = page.getByRole('heading', { level: 1, name: isEnglish ? en : zh })
        await heading.waitFor()
        await page
          .locator('main [role=status]')
          .filter({ hasText: /…$/ })
          .waitFor({ state: 'hidden' })
          .catch(() => undefined)
        assert.equal(await page.evaluate('document.activeElement?.tagName'), 'H1')
        await check(page, width)
      }
      assert.deepEqual(errors, [])
      await page.context().close()
    })
  }
  await t.test('without a session every page says how to come in, and shows nothing', async () => {
    const { page } = await driven.open('plan')
    await page.getByRole('heading', { name: '请先打开您的专属链接' }).waitFor()
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /¥|逾期/)
    await page.context().close()
  })
  await t.test('a link that is no good and a wrong code say what to do', async () => {
    const { page } = await driven.open('s/nonsense')
    await page.getByText(/链接无效或已过期/).waitFor()
    await check(page, 390)
    await page.context().close()
  })
  await t.test('the way in is walked by keys alone', async () => {
    const { page } = await driven.open('verify')
    await page.getByLabel('号码、邮箱或文件编号').focus()
    await page.keyboard.type('400-000-0000')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: '是我们的电话' }).waitFor()
    await check(page, 390)
    await page.context().close()
  })
})
