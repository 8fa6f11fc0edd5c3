import { createHash } from 'node:crypto'
import { settingsInForce, settingsResponse, settingsSchema } from '@dunlin/contract'
import { z } from 'zod'
import { parseProductOptions } from '../../loanbook/index.ts'
import { applySettings, readSettings, SettingsError } from '../../people/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ApiContext } from '../context.ts'

const IF_MATCH = {
  type: 'object',
  properties: {
    'If-Match': {
      type: 'string',
      description:
        'The ETag of the settings that you read: applied only while they are still in force.',
    },
  },
}

/** `GET` and `PUT /api/v1/settings`: what `dunlin apply` does, by HTTP. */
export function routeSettings(app: App, context: ApiContext): void {
  const { db, sealer, clock } = context
  const read = {
    tags: ['settings'],
    summary: 'The settings in force; secrets and keys are never shown',
    response: { 200: settingsInForce },
  }
  app.get('/api/v1/settings', { schema: read, config: { scope: 'admin' } }, async (_, reply) => {
    const current = await readSettings(db, { exclusive: false })
    reply.header('etag', tagOf(current))
    return settingsInForce.parse(current)
  })
  const apply = {
    tags: ['settings'],
    summary: 'Apply settings; applying them again changes nothing, what is left out stays',
    body: settingsSchema,
    response: { 200: settingsResponse },
  }
  const config = {
    scope: 'admin',
    problems: ['settings.invalid', 'edit.changed_meanwhile'],
    headers: IF_MATCH,
  } as const
  app.put('/api/v1/settings', { schema: apply, config }, async (request) => {
    for (const portfolio of request.body.portfolios) assertPolicy(context, portfolio)
    for (const product of request.body.products) assertOptions(product)
    const expects = (current: Record<string, unknown>): void =>
      assertMatch(request.headers['if-match'], tagOf(current))
    const given = { sealer, at: clock.now(), expects }
    try {
      const { newKeys } = await applySettings(db, request.body, given)
      return { newKeys: newKeys.map((each) => ({ ...each })) }
    } catch (error) {
      if (!(error instanceof SettingsError)) throw error
      throw new Problem('settings.invalid', error.message, error.field)
    }
  })
}

/** A portfolio whose packs are not there would be refused every contact, without a word to who made it. */
function assertPolicy(
  { gate }: ApiContext,
  { name, packs, overlay }: { name: string; packs: readonly string[]; overlay: string | null },
): void {
  if (gate.policyOf(packs, overlay) !== null) return
  const named = [...packs, ...(overlay === null ? [] : [overlay])].join(', ')
  throw new Problem(
    'settings.invalid',
    `portfolio ${name}: not all of ${named} are packs`,
    'portfolios',
  )
}

/** Options that the ledger cannot read would fail at the next import of such a loan. */
function assertOptions({ name, options }: { name: string; options: unknown }): void {
  try {
    parseProductOptions(options)
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error
    throw new Problem('settings.invalid', `product ${name}: ${z.prettifyError(error)}`, 'products')
  }
}

function assertMatch(wanted: string | undefined, tag: string): void {
  const tags = wanted?.split(',').map((each) => each.trim())
  if (tags === undefined || tags.includes(tag) || tags.includes('*')) return
  throw new Problem(
    'edit.changed_meanwhile',
    'the settings are no longer those that you read: read them again and decide anew',
    'If-Match',
  )
}

function tagOf(current: Record<string, unknown>): string {
  return `"${createHash('sha256').update(JSON.stringify(current)).digest('base64url')}"`
}
