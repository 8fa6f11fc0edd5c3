import {
  strategiesResponse,
  strategyParams,
  strategyResponse,
  trialRequest,
  trialResponse,
} from '@dunlin/contract'
import { formatLocalDate, localDay, required, zoneNamed } from '@dunlin/kernel'
import type { z } from 'zod'
import { templateIds } from '../../contact/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import {
  countTrial,
  listStrategies,
  readSource,
  readStrategy,
  type Strategy,
  type Trial,
  tryStrategy,
} from '../../strategy/index.ts'
import { listCarriers } from '../cases/read-permissions.ts'
import type { ApiContext } from '../context.ts'
import { mustHold, toDraft } from './change-strategies.ts'

const CONTACTS_SHOWN = 500
const read = { scope: 'read' } as const
const readOne = { scope: 'read', problems: ['resource.not_found'] } as const
const trial = { scope: 'read', problems: ['resource.not_found', 'strategy.invalid'] } as const

/** Strategies in force, their versions and drafts, and trials on today's book that keep nothing. */
export function routeReadStrategies(app: App, context: ApiContext): void {
  const { db, gate, clock } = context
  const tags = ['strategies']
  const all = { tags, summary: 'Strategies in use', response: { 200: strategiesResponse } }
  app.get('/api/v1/strategies', { schema: all, config: read }, async () => ({
    items: await listStrategies(db),
  }))
  const given = { tags, params: strategyParams }
  const one = {
    ...{ ...given, summary: 'A strategy, its versions and its drafts' },
    response: { 200: strategyResponse },
  }
  app.get('/api/v1/strategies/:name', { schema: one, config: readOne }, async (request) => {
    const found = await readStrategy(db, request.params.name)
    if (found === null) throw notFound(request.params.name)
    const { strategy, drafts, ...rest } = found
    const versions = rest.versions.map((each) => ({ ...each, releases: [...each.releases] }))
    const document = { ...strategy.document }
    return { ...rest, versions, document, drafts: drafts.map(toDraft) }
  })
  const trying = {
    ...{ ...given, summary: 'What a strategy would do today, contact by contact' },
    ...{ body: trialRequest, response: { 200: trialResponse } },
  }
  app.post('/api/v1/strategies/:name/trial', { schema: trying, config: trial }, async (request) => {
    const strategy = await strategyOf(context, request.params.name, request.body)
    const zone = (await listStrategies(db)).find(({ name }) => name === request.params.name)?.zone
    const at = required(zoneNamed(zone ?? 'Asia/Shanghai'), `zone ${zone}`)
    const asOf = localDay(at, clock.now())
    const { portfolio } = request.body
    const carriers = await listCarriers(db)
    const found = await tryStrategy(db, { gate, strategy, portfolio, asOf, carriers })
    return { asOf: formatLocalDate(asOf), ...toTrial(found) }
  })
}

function toTrial(found: Trial): Omit<z.infer<typeof trialResponse>, 'asOf'> {
  const ORDER = ['refuse', 'defer', 'unreachable', 'permit']
  const contacts = found.contacts
    .toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
    .slice(0, CONTACTS_SHOWN)
    .map((contact) => ({ ...contact, rules: [...contact.rules] }))
  return { ...found, counts: countTrial(found), contacts }
}

async function strategyOf(
  { db, gate }: ApiContext,
  name: string,
  { source }: z.infer<typeof trialRequest>,
): Promise<Strategy> {
  if (source !== undefined)
    return mustHold(readSource(source, { name, templates: await templateIds(db, gate) }))
  const found = await readStrategy(db, name)
  if (found === null) throw notFound(name)
  return found.strategy
}

function notFound(name: string): Problem {
  return new Problem('resource.not_found', `there is no strategy ${name}`, 'name')
}
