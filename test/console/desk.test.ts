import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { findChromium, NO_CHROMIUM } from '../package/open-chromium.ts'
import { aBrowserOn, findBarriers } from './drive-console.ts'

// An agent's day in a real browser: every key and click is counted as it is made.

const AGENT = 'agent@example.com'
/** Of the made-up borrower B1 of the test book, whose record holds no number to ask for. */
const NAME = '王小明'
const KEYS_OF_NON_CONTACT_MAX = 2
const NON_CONTACT_MS_MAX = 3_000
const STEPS_OF_PROMISE_MAX = 12

const chromium = findChromium()

test('an agent’s day', { skip: chromium === null ? NO_CHROMIUM : false }, async (t) => {
  const driven = await aBrowserOn(chromium ?? '')
  const { db } = driven
  const [first] = await db.query<{ case_id: string }>(
    `select c.case_id from collection_case c join borrower b using (borrower_id) where b.borrower_no = 'B1' and c.state = 'open'`,
  )
  const path = `/cases/${first?.case_id}`

  await t.test('nothing of the debt is shown before the identity is known', async () => {
    const { page, errors } = await driven.open(AGENT, path)
    await page.getByRole('region', { name: '应还金额' }).getByText('核验身份后显示').waitFor()
    const before = (await page.locator('main').textContent()) ?? ''
    assert.doesNotMatch(before, /¥/)
    await page.keyboard.press('i')
    await page.keyboard.type('9999')
    await page.keyboard.press('Enter')
    await page.getByText('还可再试 2 次').waitFor()
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /¥/)
    assert.deepEqual(errors, [])
    await page.context().close()
  })

  await t.test('a call that nobody answers is wrapped up in two keys', async () => {
    const { page, errors } = await driven.open(AGENT, path)
    await page.locator('button:not([aria-disabled])', { hasText: '呼叫' }).first().waitFor()
    await page.keyboard.press('c')
    await page.getByText('通话中', { exact: true }).waitFor()
    const from = performance.now()
    const press = counting(page)
    await press('1')
    await press('Enter')
    await page.waitForURL((url) => !url.pathname.endsWith(path))
    const ms = performance.now() - from
    assert.ok(press.count() <= KEYS_OF_NON_CONTACT_MAX)
    assert.ok(ms <= NON_CONTACT_MS_MAX, `${ms} ms`)
    const [row] = await db.query<{ line: string }>(
      `select line from attempt where channel = 'call' order by attempt_id desc limit 1`,
    )
    assert.equal(row?.line, 'no-answer')
    assert.deepEqual(errors, [])
    await page.context().close()
  })

  await t.test('a promise is recorded in no more than twelve keys, read back', async () => {
    const { page, errors } = await driven.open(AGENT, path)
    await page.locator('button:not([aria-disabled])', { hasText: '呼叫' }).first().waitFor()
    const press = counting(page)
    await press('c')
    await page.getByText('通话中', { exact: true }).waitFor()
    await press('i')
    for (const letter of NAME) await press(letter)
    await press('Enter')
    await page.getByText('已核验为本人').waitFor()
    await page.evaluate('document.activeElement.blur()')
    await press('8')
    await press('Enter')
    await page.getByText(/您承诺在/).waitFor()
    assert.deepEqual(await findBarriers(page), [])
    await press('Enter')
    await press('Enter')
    await page.waitForURL((url) => !url.pathname.endsWith(path))
    assert.ok(press.count() <= STEPS_OF_PROMISE_MAX, `${press.count()} keys`)
    const [row] = await db.query<{ state: string; source: string }>(
      `select state, source from promise where case_id = $1`,
      [first?.case_id ?? ''],
    )
    assert.deepEqual(row, { state: 'open', source: 'agent' })
    assert.deepEqual(errors, [])
    await page.context().close()
  })

  await t.test('a hold is in force for the gate at once, and the lamps go red', async () => {
    const { page, errors } = await driven.open(AGENT, path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('h')
    await page.getByLabel('说明').fill('住院，家属来电')
    assert.deepEqual(await findBarriers(page), [])
    await page.getByRole('button', { name: '开始停催' }).click()
    await page.getByRole('alert').filter({ hasText: '住院' }).waitFor()
    await page.getByRole('region', { name: '联系方式' }).getByText('不可联系').first().waitFor()
    assert.deepEqual(errors, [])
    await page.context().close()
  })

  await t.test(
    'words are linted as they are typed, and what is forbidden cannot be sent',
    async () => {
      const { page } = await driven.open(AGENT, path)
      await page.getByRole('heading', { level: 1 }).waitFor()
      await page.keyboard.press('r')
      await page.keyboard.type('再不还就让你坐牢')
      await page.getByRole('region', { name: '书面联系' }).locator('mark').first().waitFor()
      assert.deepEqual(await findBarriers(page), [])
      const send = page.getByRole('button', { name: '提交闸门发送' })
      assert.equal(await send.getAttribute('aria-disabled'), 'true')
      await page.context().close()
    },
  )

  await t.test('two agents never work on one borrower', async () => {
    await driven.hire('second@example.com', ['agent'], { agentLogin: 'bob', team: 'early' })
    const one = await driven.open(AGENT, path)
    await one.page.getByRole('heading', { level: 1 }).waitFor()
    await one.page.locator('button:not([aria-disabled])', { hasText: '约回呼' }).waitFor()
    const two = await driven.open('second@example.com', path)
    await two.page.getByText(/正在处理这位借款人/).waitFor()
    await one.page.context().close()
    await two.page.context().close()
  })
})

/** Presses keys and counts them. */
function counting(page: Page) {
  let pressed = 0
  const press = async (key: string): Promise<void> => {
    pressed += 1
    if (key.length === 1 && key > '~') await page.keyboard.insertText(key)
    else await page.keyboard.press(key)
  }
  return Object.assign(press, { count: () => pressed })
}
