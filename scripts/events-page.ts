import { EVENTS, SYSTEM_EVENTS } from '@dunlin/contract'
import { z } from 'zod'

type Field = {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Field[]
  readonly items?: Field
  readonly additionalProperties?: Field | boolean
}

/** `docs/reference/events.md`: every event with its payload, made from the list in `contract/src/events.ts`. */
export function eventsPage(): string {
  const sections = [
    ...Object.entries(EVENTS).map(([name, event]) => section(name, event)),
    '# Events of the installation\n\n`data.borrowerId` is null.',
    ...Object.entries(SYSTEM_EVENTS).map(([name, event]) => section(name, event)),
  ]
  return `# Events

Made from \`contract/src/events.ts\`; do not edit. How they are sent: [webhooks](../guide/webhooks.md).

Every change writes its event in its own transaction. A body is \`{"type", "timestamp", "data"}\`: the name below, when we learned of it, and the payload with \`borrowerId\`. Money is whole minor units, days are \`YYYY-MM-DD\`, instants RFC 3339 in UTC. Payloads hold no personal data. Fields may be added; none is renamed or taken away.

${sections.join('\n\n')}
`
}

function section(name: string, { about, payload }: { about: string; payload: z.ZodType }): string {
  const shape = z
    .object({
      properties: z.record(z.string(), z.custom<Field>()),
      required: z.array(z.string()).default([]),
    })
    .parse(z.toJSONSchema(payload, { io: 'input' }))
  const rows = Object.entries(shape.properties).map(
    ([field, type]) =>
      `| \`${field}\` | ${words(type)} | ${shape.required.includes(field) ? '' : 'may be absent'} |`,
  )
  return `## \`${name}\`\n\n${about}\n\n| field | type | |\n| --- | --- | --- |\n${rows.join('\n')}`
}

function words(field: Field): string {
  if (field.anyOf !== undefined) return field.anyOf.map(words).join(' or ')
  if (field.enum !== undefined) return field.enum.map((word) => `\`${String(word)}\``).join(', ')
  if (field.type === 'array') return `list of ${words(field.items ?? {})}`
  if (field.type === 'object' && typeof field.additionalProperties === 'object')
    return `map of ${words(field.additionalProperties)}`
  return field.type ?? 'anything'
}
