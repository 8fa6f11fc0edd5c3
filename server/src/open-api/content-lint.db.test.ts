import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contentLintResponse } from '@dunlin/contract'
import { anApi, KEYS, problemOf } from './test-api.ts'

const { call, db } = await anApi()
const ROUTE = 'POST /api/v1/content/lint'
const LAWFUL =
  '【示例消费金融】您的账单应还1,000.00元，请于2026年7月1日前处理。投诉电话4000000000。拒收请回复R'
const ask = (given: object) => ({
  body: { text: LAWFUL, language: 'zh-CN', channel: 'sms', ...given },
})
const lint = async (given: object) =>
  contentLintResponse.parse((await call(ROUTE, ask(given))).json)
const [portfolio] = await db.query<{ name: string }>('select name from portfolio limit 1')
assert.ok(portfolio)

test('a lawful reminder has no finding; a threat in it is told with its place, rule, source and sentences', async () => {
  assert.deepEqual(await lint({}), {
    blocks: false,
    packs: ['cn', 'wecom', 'lender-default'],
    findings: [],
  })
  const text = `${LAWFUL}。再不还款后 果 自 负`
  const { blocks, findings } = await lint({ text })
  assert.ok(blocks)
  const [first] = findings
  assert.ok(first)
  assert.equal(text.slice(first.start, first.end), '后 果 自 负')
  assert.deepEqual(
    [first.text, first.rule, first.cite.basis, first.blocks],
    ['后 果 自 负', 'lender.content.evasion', 'lender', true],
  )
  assert.ok(first.says.zh !== '' && first.says.en !== '')
})

test('channel, purpose and kind say which parts are asked', async () => {
  const asked = (given: object) =>
    lint({ text: '您好', ...given }).then(({ findings }) => findings.map(({ list }) => list))
  assert.ok((await asked({})).includes('opt-out-invitation'))
  assert.ok(!(await asked({ channel: 'letter' })).includes('opt-out-invitation'))
  assert.deepEqual(await asked({ channel: 'wecom', kind: 'reply' }), [])
  const service = await asked({ purpose: 'service', kind: 'reply' })
  assert.ok(!service.includes('complaint-line'))
})

test('a portfolio’s own packs are asked; one that is not there is told', async () => {
  assert.ok((await lint({ portfolio: portfolio.name })).packs.includes('cn'))
  const answer = await call(ROUTE, ask({ portfolio: 'no such portfolio' }))
  assert.equal(problemOf(answer), '404 resource.not_found portfolio')
})

test('a key that may only read may ask; an empty, over-long or unreadable question is refused', async () => {
  assert.equal((await call(ROUTE, { ...ask({}), key: KEYS.read })).status, 200)
  for (const wrong of [{ text: '' }, { text: 'a'.repeat(10_001) }, { language: 'fr' }, { odd: 1 }])
    assert.match(problemOf(await call(ROUTE, ask(wrong))), /^400 request\.invalid/)
})
