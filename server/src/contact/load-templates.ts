import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { lintContent } from '@dunlin/policy'
import { parse } from 'yaml'
import { loadPolicy } from '../platform/packs.ts'
import { compileTemplate, type MessageTemplate, type TemplateFacts } from './model/templates.ts'

const TEMPLATES = join(import.meta.dirname, '../../../strategies/templates')

/** Every template of the folder by id; throws an error that names the file. */
export async function loadTemplates(
  folder: string = TEMPLATES,
): Promise<ReadonlyMap<string, MessageTemplate>> {
  const templates = new Map<string, MessageTemplate>()
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.yaml'))) {
    try {
      const template = compileTemplate(parse(await readFile(join(folder, name), 'utf8')))
      lintTemplate(template)
      templates.set(template.id, template)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`strategies/templates/${name}: ${reason}`, { cause: error })
    }
  }
  return templates
}

/** A rendering whose facts are lawful, so that what is found is the template's own. */
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

/** Throws for a template whose words the shipped overlay refuses, with the place in the rendered text. */
function lintTemplate(template: MessageTemplate): void {
  const policy = loadPolicy(['lender-default'])
  if (policy === null) throw new Error('the pack lender-default is missing')
  for (const language of ['zh-CN', 'en'] as const) {
    const { text, subject } = template.render(language, LAWFUL_FACTS)
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
