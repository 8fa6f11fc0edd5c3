import assert from 'node:assert/strict'
import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { dispatchDue, verifyExport } from '../../server/src/contact/index.ts'
import { aSink } from '../../server/src/contact/test-gate.ts'
import { sealBatches } from '../../server/src/platform/evidence/index.ts'
import { unzipStored } from '../../server/src/platform/test-unzip.ts'
import { findChromium, NO_CHROMIUM } from '../package/open-chromium.ts'
import { aBrowserOn, findBarriers } from './drive-console.ts'

// A compliance officer's day in a real browser, over a real book.

const OFFICER = 'compliance@example.com'
const chromium = findChromium()

test('a compliance officer’s day', {
  skip: chromium === null ? NO_CHROMIUM : false,
}, async (t) => {
  const driven = await aBrowserOn(chromium ?? '')
  const { db, gate, clock, signer, home } = driven
  await dispatchDue({ db, gate, outlets: [aSink('sms', clock)], now: clock.now })
  await sealBatches(db, { signer, headsFile: join(home, 'heads.jsonl'), at: clock.now() })

  await t.test('the log is verified in the page, and a case’s evidence is taken away', async () => {
    const { page, errors } = await driven.open(OFFICER, '/evidence')
    await page.getByText('从未').waitFor()
    await page.getByRole('button', { name: '立即核验' }).click()
    await page.getByText(/一致：\d+ 条裁决，没有发现问题/).waitFor()
    assert.deepEqual(await findBarriers(page), [])
    await page.getByText('导出证据', { exact: true }).click()
    const [decided] = await db.query<{ no: string }>(
      'select b.borrower_no as no from decision d join borrower b using (borrower_id)',
    )
    await page.getByLabel('借款人编号').fill(decided?.no ?? '')
    await page.keyboard.press('Enter')
    await page.getByRole('combobox', { name: '案件' }).click()
    await page.getByTitle(/ · main · 1 条裁决/).click()
    const download = page.getByRole('button', { name: '下 载' })
    assert.equal(await download.getAttribute('aria-disabled'), 'true', 'no purpose yet')
    await page.getByRole('combobox', { name: '用途' }).click()
    await page.getByTitle('监管检查').click()
    await page.getByRole('button', { name: '核验这份证据' }).click()
    await page.getByText('一致：1 条裁决').waitFor()
    assert.deepEqual(await findBarriers(page), [])
    const taking = page.waitForEvent('download')
    await download.click()
    const taken = await taking
    assert.match(taken.suggestedFilename(), /^evidence-case-\d+\.zip$/)
    const folder = await mkdtemp(join(tmpdir(), 'dunlin-taken-'))
    for (const { name, content } of unzipStored(await readFile(await taken.path())))
      await writeFile(join(folder, name), content)
    const { problems, decisions: found } = await verifyExport(folder)
    assert.deepEqual([problems, found], [[], 1])
    const [entry] = await db.query<{ actor: string; detail: object }>(
      `select actor, detail from audit_event where action = 'evidence.exported'`,
    )
    assert.deepEqual(entry, { actor: OFFICER, detail: { purpose: 'regulator', decisions: 1 } })
    assert.deepEqual(errors, [])
    await page.context().close()
  })

  await t.test('a rewritten row is named, with what differs and the way to it', async () => {
    const partitions = await db.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'decision'::regclass`,
    )
    for (const { name } of [{ name: 'decision' }, ...partitions])
      await db.run(`alter table ${name} disable trigger user`)
    await db.run(`update decision set verdict = 'refuse', leaf = replace(leaf, '"v":1', '"v":2')`)
    const { page, errors } = await driven.open(OFFICER, '/evidence')
    await page.getByRole('button', { name: '立即核验' }).click()
    await page.getByText('发现 2 个问题').waitFor()
    await page.getByText('第 1 批：其中的裁决算不出它的树根').waitFor()
    assert.deepEqual(await findBarriers(page), [])
    await page.getByRole('link', { name: /^裁决 \d+-\d+：记录里的裁决结果与入链时的不同$/ }).click()
    await page.waitForURL(/\/decisions\/\d+-\d+\/why$/)
    await page.getByText('裁决', { exact: true }).first().waitFor()
    assert.deepEqual(errors, [])
    await page.context().close()
  })

  await t.test('who may look at the evidence, and not take it away, is told why', async () => {
    const { page } = await driven.open('manager@example.com', '/evidence?tab=export')
    const download = page.getByRole('button', { name: '下 载' })
    assert.equal(await download.getAttribute('aria-disabled'), 'true')
    await download.hover()
    await page
      .getByRole('tooltip')
      .getByText(/compliance/)
      .waitFor()
    await page.context().close()
  })
})
