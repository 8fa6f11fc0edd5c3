import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide, factsSchema } from '@dunlin/policy'
import { segmentText } from '../../channels/sms/segment-text.ts'
import { loadPolicy } from '../../platform/packs.ts'
import { loadTemplates } from '../templates/index.ts'
import { compileTemplate } from './templates.ts'

const FACTS = {
  lender: '示例消费金融',
  amount: '12,853.20',
  deadline: '12月3日',
  dpd: 45,
  contactLine: '400-000-0000',
  complaintLine: '400-000-0001',
  unsubscribeUrl: 'https://lender.example.com/u/abc-LL_sqm',
  reply: '',
  portalUrl: 'https://lender.example.com/portal/#/s/abc-LL_sqm',
  code: '482913',
  reference: '12345',
}
const facts = factsSchema.parse({
  borrower: { country: 'CN', zones: ['Asia/Shanghai'] },
  parties: [{ id: 'p', relation: 'borrower' }],
  points: [
    { id: 'phone', party: 'p', kind: 'phone' },
    { id: 'mail', party: 'p', kind: 'email' },
  ],
  debts: [{ id: 'd' }],
})

test('every shipped mainland template passes the pack cn with the shipped overlay, in both languages', async () => {
  const policy = loadPolicy(['cn', 'lender-default'])
  assert.ok(policy !== null)
  for (const [id, template] of await loadTemplates()) {
    if (!id.startsWith('cn-')) continue
    for (const language of ['zh-CN', 'en'] as const) {
      const deadline = language === 'en' ? 'December 3' : FACTS.deadline
      const { text, subject } = template.render(language, { ...FACTS, deadline })
      const verdict = decide(policy, facts, {
        at: '2026-06-01T10:00:00+08:00',
        channel: template.channel,
        purpose: template.purpose,
        party: 'p',
        point: template.channel === 'sms' ? 'phone' : 'mail',
        actor: { kind: 'robot' },
        provider: { collectionContent: true },
        content: {
          text: subject === null ? text : `${subject}\n${text}`,
          language,
          kind: template.kind,
        },
      })
      assert.equal(verdict.verdict, 'permit', `${id} ${language}: ${JSON.stringify(verdict)}`)
    }
  }
})

test('a Chinese text message fits into two parts', async () => {
  for (const [id, template] of await loadTemplates()) {
    if (template.channel !== 'sms') continue
    const { text } = template.render('zh-CN', FACTS)
    assert.ok(segmentText(text, 'ucs2').parts.length <= 2, `${id}: ${text.length}`)
  }
})

/** What a phone's lock screen or a list of mails shows of a letter, at the most. */
const PREVIEW = { 'zh-CN': 100, en: 150 } as const
const DEBT =
  /逾期|借款|贷款|欠|还款|未还|应还|到期|罚息|违约|征信|催|分期|元|[¥$]|\bCNY\b|overdue|\bdue\b|owe|loan|debt|\bpay|charge|penalt|instalment|amount/i

test('subject and preview of every mail show nothing of a debt: others may see them', async () => {
  let mails = 0
  for (const [id, template] of await loadTemplates()) {
    if (template.channel !== 'email') continue
    for (const language of ['zh-CN', 'en'] as const) {
      const { text, subject } = template.render(language, FACTS)
      assert.ok(subject !== null && subject !== '', id)
      const preview = text.replace(/\s+/g, ' ').slice(0, PREVIEW[language])
      assert.equal(preview.length, PREVIEW[language])
      assert.doesNotMatch(`${subject}\n${preview}`, DEBT, `${id} ${language}`)
      mails += 1
    }
  }
  assert.ok(mails >= 12)
})

test('a text of plain names says what Liquid says, whatever stands around them or in the facts', () => {
  const renderOf = (text: string) => {
    const variants = { 'zh-CN': { text }, en: { text, subject: text } }
    return compileTemplate({ id: 'a', channel: 'email', kind: 'demand', variants }).render
  }
  const texts = [
    'nothing to fill in',
    '{{ lender }}{{amount}} {{  dpd }}天，{{ dpd }}\n{{ deadline }}',
    ' } {{ contactLine }} { %} $& ',
  ]
  const facts = { ...FACTS, lender: '{{ amount }}', amount: '$& $1', deadline: '' }
  for (const text of texts) {
    const byLiquid = text.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, '{{ $1 | append: "" }}')
    for (const language of ['zh-CN', 'en'])
      assert.deepEqual(renderOf(text)(language, facts), renderOf(byLiquid)(language, facts))
  }
  const branching = renderOf('{% if dpd > 30 %}late{% else %}{{ amount }}{% endif %}{{- dpd }}')
  assert.equal(branching('en', FACTS).text, 'late45')
  assert.throws(() => renderOf('{{ phone }}')('en', FACTS))
})
