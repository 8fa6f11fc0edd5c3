import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { PASSWORD } from '../../server/src/console-api/test-console.ts'
import { findChromium, NO_CHROMIUM } from '../package/open-chromium.ts'
import { aBrowserOn, findBarriers } from './drive-console.ts'

// Somebody's own account in a real browser: codes, a passkey, a new password, and where they are signed in.

const EMAIL = 'auditor@example.com'
const NEXT = 'a longer battery horse'
const chromium = findChromium()

test('an account of one’s own', { skip: chromium === null ? NO_CHROMIUM : false }, async (t) => {
  const driven = await aBrowserOn(chromium ?? '')
  await driven.hire(EMAIL, ['auditor'])
  let secret = ''

  await t.test('one-time codes are in force once a code was shown', async () => {
    const { page, errors } = await driven.open(EMAIL, '/account')
    const card = page.getByRole('region', { name: '动态口令' })
    await card.getByLabel('当前密码').fill(PASSWORD)
    await page.keyboard.press('Enter')
    const told = await card.getByText(/手动输入密钥/).textContent()
    secret = told?.split('：').at(-1)?.trim() ?? ''
    assert.deepEqual(await findBarriers(page), [])
    await card.getByLabel('六位数字').fill(codeOf(secret))
    await page.keyboard.press('Enter')
    await card.getByText('动态口令已启用').waitFor()
    assert.deepEqual(errors, [])
    await page.context().close()
  })

  await t.test('without the code the password alone lets nobody in', async () => {
    const context = await driven.browser.newContext({ locale: 'zh-CN' })
    const page = await context.newPage()
    await page.goto(`${driven.url}/sign-in`)
    await page.getByLabel('邮箱').fill(EMAIL)
    await page.getByLabel('密码').fill(PASSWORD)
    await page.keyboard.press('Enter')
    const code = page.getByLabel('验证码')
    await code.waitFor()
    assert.equal((await context.request.get(`${driven.url}/console-api/me`)).status(), 401)
    await code.fill(codeOf(secret))
    await page.getByRole('button', { name: /验\s*证/ }).click()
    await page.getByRole('heading', { level: 1, name: '今日看板' }).waitFor()
    assert.equal((await context.request.get(`${driven.url}/console-api/me`)).status(), 200)
    await context.close()
  })

  await t.test('a passkey of the device is added, and taken away', async () => {
    const { page } = await driven.open('agent@example.com', '/account')
    const devices = await page.context().newCDPSession(page)
    await devices.send('WebAuthn.enable')
    await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        ...{ protocol: 'ctap2', transport: 'internal', hasResidentKey: true },
        ...{ hasUserVerification: true, isUserVerified: true },
      },
    })
    const card = page.getByRole('region', { name: '通行密钥' })
    await card.getByText('还没有通行密钥').waitFor()
    await card.getByRole('button', { name: '添加通行密钥' }).click()
    await card.getByRole('button', { name: /删\s*除/ }).click()
    await card.getByText('还没有通行密钥').waitFor()
    await page.context().close()
  })

  await t.test('a new password signs every other device out', async () => {
    const other = await driven.open('manager@example.com', '/account')
    const { page, errors } = await driven.open('manager@example.com', '/account')
    await page.getByRole('button', { name: '退出其他全部设备' }).waitFor()
    assert.deepEqual(await findBarriers(page), [])
    const form = page.getByRole('form', { name: '修改密码' })
    await form.getByLabel('当前密码').fill(PASSWORD)
    await form.getByLabel(/新密码/).fill(NEXT)
    await page.keyboard.press('Enter')
    await page.getByText('密码已修改').waitFor()
    const me = await other.page.context().request.get(`${driven.url}/console-api/me`)
    assert.equal(me.status(), 401)
    assert.deepEqual(errors, [])
    await other.page.context().close()
    await page.context().close()
  })
})

/** The code of now: RFC 6238 over SHA-1, six digits, thirty seconds. */
function codeOf(base32: string): string {
  const bits = [...base32.replace(/=+$/, '')]
    .map((letter) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
    )
    .join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const mac = createHmac('sha1', key).update(counter).digest()
  const at = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
