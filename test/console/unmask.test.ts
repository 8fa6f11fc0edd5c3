import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findChromium, NO_CHROMIUM } from '../package/open-chromium.ts'
import { aBrowserOn, findBarriers } from './drive-console.ts'

// A number in the clear, in a real browser: for a reason, for a minute, and in the audit.

const chromium = findChromium()

test('a number in the clear', { skip: chromium === null ? NO_CHROMIUM : false }, async (t) => {
  const driven = await aBrowserOn(chromium ?? '')
  const { db, gate } = driven
  const [point] = await db.query<{ case_id: string; masked: string; sealed: Buffer }>(
    `select c.case_id, cp.masked, cp.sealed from contact_point cp join borrower b using (borrower_id)
     join collection_case c using (borrower_id) where b.borrower_no = 'B1' and cp.kind = 'phone'`,
  )
  if (point === undefined) throw new Error('the book has a number')
  const number = gate.sealer.open(point.sealed)
  const path = `/cases/${point.case_id}`

  await t.test('it is shown for a reason, masked again, and found in the audit page', async () => {
    const { page, errors } = await driven.open('manager@example.com', path)
    const card = page.getByRole('region', { name: '联系方式' })
    await card.getByText(point.masked).first().waitFor()
    await page.clock.install()
    await card
      .getByRole('button', { name: `显示 ${point.masked} 的明文` })
      .first()
      .click()
    const submit = page.getByRole('button', { name: '记录并显示' })
    assert.equal(await submit.getAttribute('aria-disabled'), 'true', 'no reason yet')
    await page.getByRole('combobox', { name: '原因' }).click()
    await page.getByTitle('来电或来信，确认是谁').click()
    assert.equal(await submit.getAttribute('aria-disabled'), 'true', 'no words yet')
    await page.getByLabel('说明').fill(`号码 ${number}`)
    await submit.click()
    await page.getByRole('alert').filter({ hasText: '没有显示：说明里不能有号码或地址' }).waitFor()
    await page.getByLabel('说明').fill('来电自称本人，核对来电号码')
    assert.deepEqual(await findBarriers(page), [])
    await submit.click()
    await card.getByText(number).first().waitFor()
    assert.deepEqual(await findBarriers(page), [])
    await page.clock.fastForward(61_000)
    await card.getByText(point.masked).first().waitFor()
    assert.equal(await card.getByText(number).count(), 0)
    // The refused words are the one failed request, and nothing else failed.
    assert.deepEqual(
      errors.filter((error) => !error.includes('400')),
      [],
    )
    await page.context().close()

    const audit = await driven.open('compliance@example.com', '/audit?action=person.unmasked')
    await audit.page.getByText('manager@example.com').waitFor()
    await audit.page.getByText(/words: 来电自称本人，核对来电号码, reason: inbound/).waitFor()
    await audit.page.context().close()
  })

  await t.test('who may not is offered nothing', async () => {
    const { page } = await driven.open('agent@example.com', path)
    const card = page.getByRole('region', { name: '联系方式' })
    await card.getByText(point.masked).first().waitFor()
    assert.equal(await card.getByRole('button', { name: /的明文/ }).count(), 0)
    await page.context().close()
  })
})
