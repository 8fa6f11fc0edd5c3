import { CONTENT_KINDS, type Purpose } from '@dunlin/policy'
import { Liquid } from 'liquidjs'
import { z } from 'zod'

const variant = z.strictObject({
  subject: z.string().optional(),
  text: z.string().min(1),
})
const templateSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]{1,60}$/),
  channel: z.enum(['sms', 'email', 'wecom', 'letter', 'robot-call']),
  kind: z.enum(CONTENT_KINDS),
  /** What a person asked for or is owed whatever the state of the debt: a closed list (rulings 1). */
  service: z
    .enum(['receipt', 'statement', 'complaint-answer', 'plan-confirmation', 'access-code'])
    .optional(),
  variants: z.strictObject({ 'zh-CN': variant, en: variant }),
})
type Source = z.infer<typeof templateSchema>

/** What a message may say; nothing else is known to a template. */
export type TemplateFacts = {
  readonly lender: string
  readonly amount: string
  readonly deadline: string
  readonly dpd: number
  readonly contactLine: string
  readonly complaintLine: string
  readonly unsubscribeUrl: string
  /** What an agent answers; empty but for templates of kind `reply`. */
  readonly reply: string
  /** The borrower's portal by a signed link; empty for anybody else. */
  readonly portalUrl: string
  /** A one-time code, of an access code's message; empty in any other. */
  readonly code: string
  /** The number of the record that a service message answers; empty in any other. */
  readonly reference: string
}

export type Rendered = {
  readonly language: 'zh-CN' | 'en'
  readonly subject: string | null
  readonly text: string
}

export type MessageTemplate = {
  readonly id: string
  readonly channel: Source['channel']
  readonly kind: Source['kind']
  /** Derived from the kind and the list of services, never claimed (rulings 1). */
  readonly purpose: Purpose
  /** Its text as it was written, by language. */
  readonly texts: Readonly<Record<Rendered['language'], string>>
  readonly render: (language: string, facts: TemplateFacts) => Rendered
}

const liquid = new Liquid({ strictVariables: true, strictFilters: true })

/** Compiles a template; throws an error that names the place. */
export function compileTemplate(value: unknown): MessageTemplate {
  const parsed = templateSchema.safeParse(value)
  if (!parsed.success) throw new Error(`template: ${z.prettifyError(parsed.error)}`)
  const { id, channel, kind, service, variants } = parsed.data
  const compiled = {
    'zh-CN': compileVariant(variants['zh-CN']),
    en: compileVariant(variants.en),
  } as const
  return {
    id,
    channel,
    kind,
    purpose: service === undefined ? 'collect' : 'service',
    texts: { 'zh-CN': variants['zh-CN'].text, en: variants.en.text },
    render: (language, facts) => {
      const chosen = language === 'en' ? 'en' : 'zh-CN'
      return { language: chosen, ...compiled[chosen](facts) }
    },
  }
}

function compileVariant(
  source: z.infer<typeof variant>,
): (facts: TemplateFacts) => { subject: string | null; text: string } {
  const text = compileText(source.text)
  const subject = source.subject === undefined ? null : compileText(source.subject)
  return (facts) => ({
    text: text(facts).trim(),
    subject: subject === null ? null : subject(facts),
  })
}

const FACT_NAMES: ReadonlySet<string> = new Set<keyof TemplateFacts>([
  'lender',
  'amount',
  'deadline',
  'dpd',
  'contactLine',
  'complaintLine',
  'unsubscribeUrl',
])

function isFactName(name: string): name is keyof TemplateFacts {
  return FACT_NAMES.has(name)
}

/**
 * A text with nothing but plain `{{ names }}` is joined from its pieces, which is what Liquid would say, at a
 * twentieth of its time for each of a day's messages. Everything else is left to Liquid.
 */
function compileText(source: string): (facts: TemplateFacts) => string {
  const template = liquid.parse(source)
  const pieces = source.split(/\{\{\s*(\w+)\s*\}\}/)
  const names = pieces.filter((_, index) => index % 2 === 1).filter(isFactName)
  const texts = pieces.filter((_, index) => index % 2 === 0)
  const isPlain = pieces.length === names.length + texts.length && !/\{[{%]/.test(texts.join(' '))
  if (!isPlain) return (facts) => String(liquid.renderSync(template, facts))
  const [first = '', ...rest] = texts
  return (facts) => {
    let text = first
    for (const [index, name] of names.entries()) text += `${facts[name]}${rest[index] ?? ''}`
    return text
  }
}
