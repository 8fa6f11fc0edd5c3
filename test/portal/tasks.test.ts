import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findChromium, NO_CHROMIUM } from '../package/open-chromium.ts'
import { aBrowserOnPortal } from './drive-portal.ts'

// What a borrower comes for, done in a browser from the link of a message to the end, with the time that it takes.

const chromium = findChromium()
/** Without a person's reading and typing: what the portal itself makes somebody wait. */
const TASK_MS_MAX = 15_000

test('a borrower does what they came for', {
  skip: chromium === null ? NO_CHROMIUM : false,
}, async (t) => {
  const { portal, comeIn } = await aBrowserOnPortal(chromium ?? '')
  const { db } = portal
  const timed = (name: string, task: () => Promise<void>) =>
    t.test(name, async (inner) => {
      const startedAt = performance.now()
      await task()
      const ms = performance.now() - startedAt
      inner.diagnostic(`${name}: ${(ms / 1000).toFixed(1)} s`)
      assert.ok(ms < TASK_MS_MAX, `${ms} ms`)
    })

  await timed('pay', async () => {
    const { page } = await comeIn('B1')
    await page.getByRole('link', { name: /^还款/ }).click()
    await page.getByLabel('还多少（元）').fill('100')
    await page.getByRole('button', { name: '用微信支付' }).click()
    await page.getByRole('img', { name: '微信支付二维码' }).waitFor()
    const [order] = await db.query<{ out_trade_no: string }>(
      'select out_trade_no from payment_order',
    )
    await portal.platform.pay(order?.out_trade_no ?? '')
    await page.getByRole('heading', { name: /已收到 ¥100\.00/ }).waitFor()
    await page.context().close()
  })
  await timed('plan', async () => {
    const { page } = await comeIn('B1')
    await page.getByRole('link', { name: /能负担的方案/ }).click()
    await page.getByLabel('每月收入（元）').fill('5000')
    await page.getByLabel('每月房租或房贷（元）').fill('1000')
    await page.getByRole('button', { name: '看方案' }).click()
    await page.getByRole('button', { name: '选这个方案' }).first().click()
    await page.getByRole('button', { name: /发送验证码/ }).click()
    await page.getByLabel('6位验证码').waitFor()
    await portal.dispatch()
    await page.getByLabel('6位验证码').fill(portal.lastCode())
    await page.getByRole('button', { name: '同意并生效' }).click()
    await page.getByRole('heading', { name: '正在进行的方案' }).waitFor()
    const [plan] = await db.query<{ state: string }>(
      `select state from plan where state = 'active'`,
    )
    assert.equal(plan?.state, 'active')
    await page.context().close()
  })
  await timed('dispute', async () => {
    const { page } = await comeIn('B1')
    await page.getByRole('link', { name: /困难、异议、投诉/ }).click()
    await page.getByRole('radio', { name: /金额不对/ }).check()
    await page.getByLabel(/用您自己的话/).fill('这笔罚息算错了')
    await page.getByRole('button', { name: '提交' }).click()
    await page.getByText(/联系已停下/).waitFor()
    const holds = await db.query(`select 1 from hold where kind = 'dispute' and to_at is null`)
    assert.equal(holds.length, 1)
    await page.context().close()
  })
  await timed('stop channel', async () => {
    const { page } = await comeIn('B2')
    await page.getByRole('link', { name: /联系方式与时间/ }).click()
    await page.getByRole('checkbox', { name: '短信' }).click()
    await page.getByText('已生效').waitFor()
    assert.equal(await page.getByRole('checkbox', { name: '短信' }).isChecked(), false)
    const holds = await db.query(`select 1 from hold where kind = 'channel-stop' and to_at is null`)
    assert.equal(holds.length, 1)
    await page.context().close()
  })
  assert.deepEqual(portal.failures, [])
})
