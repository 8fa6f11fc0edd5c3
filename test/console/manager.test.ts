import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LOANS } from '../../server/src/loanbook/test-book.ts'
import { openMatter } from '../../server/src/plans/index.ts'
import { findChromium, NO_CHROMIUM } from '../package/open-chromium.ts'
import { aBrowserOn, findBarriers } from './drive-console.ts'

// A manager's day in a real browser, over a real book.

const chromium = findChromium()
const [HEADER = '', ROW = ''] = LOANS.split('\n')
const CSV = [
  HEADER,
  ROW.replace('L1,B1', 'L7,B7').replace('19900000001', '19900000007'),
  ROW.replace('L1,', 'L8,').replace('10000.00', 'ten'),
  '',
].join('\n')

test('a manager’s day', { skip: chromium === null ? NO_CHROMIUM : false }, async (t) => {
  const driven = await aBrowserOn(chromium ?? '')
  await t.test('a file is tried, read row by row, and then loaded', async () => {
    const { page, errors } = await driven.open('manager@example.com', '/imports/new')
    const start = page.getByRole('button', { name: '开始试导入' })
    assert.equal(await start.getAttribute('aria-disabled'), 'true')
    const loans = { name: 'loans.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) }
    await page.getByLabel('选择文件').setInputFiles(loans)
    await start.click()
    await page.getByText('这是试导入').waitFor()
    await page.getByText('这一列的值无法识别').waitFor()
    assert.deepEqual(await findBarriers(page), [])
    assert.deepEqual(await driven.db.query(`select 1 from loan where loan_no = 'L7'`), [])
    await page.getByRole('link', { name: '正式导入' }).click()
    await page.waitForURL(/isReal=true/)
    await page.getByLabel('选择文件').setInputFiles(loans)
    await page.getByRole('button', { name: '开始导入' }).click()
    await page.getByRole('heading', { name: '被拒绝的行' }).waitFor()
    await page.getByText('完成').waitFor()
    assert.equal((await driven.db.query(`select 1 from loan where loan_no = 'L7'`)).length, 1)
    assert.deepEqual(errors, [])
    await page.context().close()
  })
  await t.test('a complaint is taken and decided with reasons, and stops waiting', async () => {
    const matterId = await raise(driven)
    const { page, errors } = await driven.open('manager@example.com', '/queues')
    await page.getByRole('row').filter({ hasText: '投诉' }).click()
    await page.waitForURL(`**/queues/matters/${matterId}`)
    await page.getByRole('button', { name: '由我处理' }).click()
    await page.getByText('我', { exact: true }).waitFor()
    const decide = page.getByRole('button', { name: '确认处理' })
    assert.equal(await decide.getAttribute('aria-disabled'), 'true')
    await page.getByLabel('告知借款人的理由').fill('通话记录中没有夜间来电。')
    assert.deepEqual(await findBarriers(page), [])
    await decide.click()
    await page.getByRole('heading', { name: '登记复核申请' }).waitFor()
    await page.goto(`${driven.url}/queues`)
    await page.getByText('没有待处理的诉求').waitFor()
    assert.deepEqual(errors, [])
    await page.context().close()
  })
  await t.test(
    'an account is stopped after a reason and a question, and says who did it',
    async () => {
      const { page, errors } = await driven.open('manager@example.com', '/providers/sms')
      const stop = page.getByRole('button', { name: '停用账号' })
      assert.equal(await stop.getAttribute('aria-disabled'), 'true')
      await page.getByLabel('停用原因').fill('运营商维护')
      await stop.click()
      await page.getByRole('dialog').getByRole('button', { name: '停用账号' }).click()
      await page.getByText(/manager@example.com 于 .* 停用：运营商维护/).waitFor()
      assert.deepEqual(await findBarriers(page), [])
      assert.deepEqual(errors, [])
      await page.context().close()
    },
  )
  await t.test('a deal is seen before it is made, gives what was seen, and is undone', async () => {
    const { page, errors } = await driven.open(
      'manager@example.com',
      '/assignment?tab=deal&portfolio=main',
    )
    await page.getByRole('button', { name: /预\s*览/ }).click()
    const preview = page.getByText(/^\d+ 件将派给 2 人，0 件无人可接$/)
    const [cases = ''] = /^\d+/.exec((await preview.textContent()) ?? '') ?? []
    assert.deepEqual(await findBarriers(page), [])
    await page.getByRole('button', { name: '确认派案' }).click()
    await page.getByText(`已派出 ${cases} 件`).waitFor()
    const held = async () =>
      (await driven.db.query('select 1 from assignment where to_at is null')).length
    assert.equal(await held(), Number(cases))
    await page.getByText('派案记录', { exact: true }).click()
    await page.getByRole('button', { name: /撤\s*销/ }).click()
    await page.getByRole('dialog').getByLabel('原因').fill('选错了资产包')
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /撤\s*销/ })
      .click()
    await page.getByText(/manager@example.com 于 .* 撤销/).waitFor()
    assert.equal(await held(), 0)
    assert.deepEqual(await findBarriers(page), [])
    assert.deepEqual(errors, [])
    await page.context().close()
  })
})

async function raise({ db, clock, reactions, gate }: Awaited<ReturnType<typeof aBrowserOn>>) {
  const [row] = await db.query<{ id: string }>('select min(case_id) as id from collection_case')
  const opened = await db.transaction((tx) =>
    openMatter(
      { tx, at: clock.now(), reactions, sealer: gate.sealer },
      { id: 'portal', role: 'agent' },
      {
        ...{ caseId: row?.id ?? '', kind: 'complaint', channel: 'portal', raisedBy: 'borrower' },
        ...{ loanNo: null, partyId: null, text: '夜里来电', owner: 'portal', documents: [] },
      },
    ),
  )
  return opened.ok ? opened.value.matterId : ''
}
