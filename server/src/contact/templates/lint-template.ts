import { required } from '@dunlin/kernel'
import { type Finding, lintContent, type Policy } from '@dunlin/policy'
import { loadPolicy } from '../../platform/packs.ts'
import type { MessageTemplate, Rendered, TemplateFacts } from '../model/templates.ts'
import { robotDialogue } from '../robot/load-dialogue.ts'
import { scriptProblems } from '../robot/script.ts'

/** A rendering whose facts are lawful and made up, so that what is found is the template's own. */
const LAWFUL_FACTS: TemplateFacts = {
  lender: '示例消费金融',
  amount: '1,280.50',
  deadline: '12月3日',
  dpd: 5,
  reply: '您好，已收到。',
  code: '123456',
  reference: 'R-1',
  contactLine: '400-000-0000',
  complaintLine: '400-000-0001',
  unsubscribeUrl: 'https://lender.example.com/u/abc',
  portalUrl: 'https://lender.example.com/portal/#/s/abc',
}
const ENGLISH: Partial<TemplateFacts> = {
  lender: 'Example Consumer Finance',
  deadline: '3 December',
  reply: 'Hello, received.',
}
const LANGUAGES = ['zh-CN', 'en'] as const

export type LintedVariant = Rendered & {
  /** Places are counted in subject, line break and text, or in the text alone where there is no subject. */
  readonly findings: readonly Finding[]
}

/** A template in each language with made-up facts, and all that the content rules of a policy have against it. */
export function lintTemplate(
  template: MessageTemplate,
  policy: Policy = shippedOverlay(),
): LintedVariant[] {
  return LANGUAGES.map((language) => {
    const facts = language === 'en' ? { ...LAWFUL_FACTS, ...ENGLISH } : LAWFUL_FACTS
    const rendered = template.render(language, facts)
    const { text, subject } = rendered
    const findings = lintContent(policy, {
      text: subject === null ? text : `${subject}\n${text}`,
      language,
      channel: template.channel,
      purpose: template.purpose,
      kind: template.kind,
    })
    return { ...rendered, findings }
  })
}

/** The first words that the shipped overlay refuses, with their place in the rendered text; null: there are none. */
export function firstBlocking(template: MessageTemplate): string | null {
  const unheld = firstUnheld(template)
  if (unheld !== null) return unheld
  for (const { language, findings } of lintTemplate(template)) {
    const worst = findings.find(({ blocks }) => blocks)
    if (worst === undefined) continue
    const { rule, start, end, mend } = worst
    return `${template.id} ${language} [${start}, ${end}) ${rule}: ${mend.en}`
  }
  return null
}

function shippedOverlay(): Policy {
  return required(loadPolicy(['lender-default']), 'the pack lender-default')
}

/** What keeps a robot from holding a call with the template; null where nothing does, or no call is meant. */
function firstUnheld({ id, channel, texts }: MessageTemplate): string | null {
  if (channel !== 'robot-call') return null
  for (const language of LANGUAGES) {
    const [problem] = scriptProblems(robotDialogue(), texts[language])
    if (problem !== undefined) return `${id} ${language}: ${problem}`
  }
  return null
}
