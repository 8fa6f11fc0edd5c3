import { lintContent } from '@dunlin/policy'
import { loadPolicy } from '../platform/packs.ts'
import type { MessageTemplate, TemplateFacts } from './model/templates.ts'

/** A rendering whose facts are lawful, so that what is found is the template's own. */
const FACTS: TemplateFacts = {
  lender: '示例消费金融',
  amount: '1,280.50',
  deadline: '12月3日',
  dpd: 5,
  reply: '',
  contactLine: '400-000-0000',
  complaintLine: '400-000-0001',
  unsubscribeUrl: 'https://lender.example.com/u/abc',
}

/** Throws for a template whose words the shipped overlay refuses, with the place in the rendered text. */
export function lintTemplate(template: MessageTemplate): void {
  const policy = loadPolicy(['lender-default'])
  if (policy === null) throw new Error('the pack lender-default is missing')
  for (const language of ['zh-CN', 'en'] as const) {
    const { text, subject } = template.render(language, FACTS)
    const [worst] = lintContent(policy, {
      text: subject === null ? text : `${subject}\n${text}`,
      language,
      channel: template.channel,
      purpose: template.purpose,
      kind: template.kind,
    }).filter(({ blocks }) => blocks)
    if (worst === undefined) continue
    const { rule, start, end, mend } = worst
    throw new Error(`${template.id} ${language} [${start}, ${end}) ${rule}: ${mend.en}`)
  }
}
