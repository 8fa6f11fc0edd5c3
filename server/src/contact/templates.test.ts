import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide, factsSchema } from '@dunlin/policy'
import { segmentText } from '../channels/sms/segment-text.ts'
import { loadPolicy } from '../platform/packs.ts'
import { loadTemplates } from './load-templates.ts'

const FACTS = {
  lender: '示例消费金融',
  amount: '12,853.20',
  deadline: '12月3日',
  dpd: 45,
  contactLine: '400-000-0000',
  complaintLine: '400-000-0001',
  unsubscribeUrl: 'https://lender.example.com/u/abc-LL_sqm',
  reply: '',
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
      // A subject or a preview may be read by others: it never shows the debt.
      assert.doesNotMatch(subject ?? '', /欠|逾期\d|元|overdue|CNY/)
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
