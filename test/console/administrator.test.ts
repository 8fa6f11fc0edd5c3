import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findChromium, NO_CHROMIUM } from '../package/open-chromium.ts'
import { aBrowserOn, findBarriers } from './drive-console.ts'

// An administrator's day in a real browser, over a real book.

const ADMIN = 'admin@example.com'
const chromium = findChromium()

test('an administrator’s day', { skip: chromium === null ? NO_CHROMIUM : false }, async (t) => {
  const driven = await aBrowserOn(chromium ?? '')

  await t.test(
    'somebody is added, signs in with the password shown once, and is shut out',
    async () => {
      const { page, errors } = await driven.open(ADMIN, '/staff')
      await page.getByRole('button', { name: '新增人员' }).click()
      const sheet = page.getByRole('dialog')
      await sheet.getByRole('textbox', { name: '姓名' }).fill('新同事')
      await sheet.getByRole('textbox', { name: '邮箱' }).fill('new@example.com')
      const save = sheet.getByRole('button', { name: '保 存' })
      assert.equal(await save.getAttribute('aria-disabled'), 'true', 'no role yet')
      await sheet.getByRole('combobox', { name: '角色' }).click()
      await page.getByTitle('质检').click()
      await page.keyboard.press('Escape')
      await save.click()
      const password = (await sheet.locator('code').textContent()) ?? ''
      assert.match(password, /^[\w-]{16}$/)
      assert.deepEqual(await findBarriers(page), [])
      const signIn = await page.context().request.post(`${driven.url}/auth/sign-in/email`, {
        data: { email: 'new@example.com', password },
        headers: { origin: driven.url },
      })
      assert.equal(signIn.status(), 200)
      await page.context().close()
      const again = await driven.open(ADMIN, '/staff?find=new@')
      await again.page.getByRole('row', { name: /new@example.com/ }).click()
      const person = again.page.getByRole('dialog')
      await person.getByRole('textbox', { name: '原因' }).fill('试用结束')
      await person.getByRole('button', { name: '停用账号' }).click()
      await person.getByRole('button', { name: '恢复账号' }).waitFor()
      await again.page.keyboard.press('Escape')
      await again.page.getByRole('row', { name: /已停用/ }).waitFor()
      assert.deepEqual([errors, again.errors], [[], []])
      await again.page.context().close()
    },
  )

  await t.test('the tour walks along what an administrator may see, and ends', async () => {
    const { page, errors } = await driven.open(ADMIN, '/')
    await page.getByRole('button', { name: 'admin' }).click()
    await page.getByRole('menuitem', { name: '快速导览' }).click()
    for (const stop of ['看板', '案件', '待办队列', '策略', '裁决', '证据']) {
      await page.locator('.ant-tour-title', { hasText: stop }).waitFor()
      assert.deepEqual(await findBarriers(page), [])
      await page.locator('.ant-tour-next-btn').click()
    }
    await page.locator('.ant-tour-title', { hasText: '人员' }).waitFor()
    await page.getByRole('button', { name: '开始使用' }).click()
    await page.locator('.ant-tour').waitFor({ state: 'detached' })
    assert.deepEqual(errors, [])
    await page.context().close()
  })
})
