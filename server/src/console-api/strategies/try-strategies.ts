import { strategyCheck, strategyTrial } from '@dunlin/contract'
import { formatLocalDate, localDay, required, zoneNamed } from '@dunlin/kernel'
import { templateIds } from '../../contact/index.ts'
import { listAccounts } from '../../people/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import {
  countTrial,
  listStrategies,
  readSource,
  readStrategy,
  type Strategy,
  tryStrategy,
} from '../../strategy/index.ts'
import type { ConsoleContext } from '../context.ts'
import { titleOf } from '../rule-titles.ts'
import { serve } from '../serve.ts'
import { toLadder } from './ladder.ts'
import { locateProblems } from './locate-problem.ts'

const CONTACTS_SHOWN = 500
/** Refusals first: they are what a trial is looked at for. */
const ORDER = ['refuse', 'defer', 'unreachable', 'permit']

/** What is wrong with a text, and what a strategy would do today; nothing is kept of either. */
export function routeTryStrategies(app: App, context: ConsoleContext): void {
  const { db, gate } = context
  serve(app, context, strategyCheck, async ({ textIn, body: { source } }) => {
    const templates = await templateIds(db, gate)
    const read = readSource(source, { name: textIn('name'), templates })
    if (read.ok) return { problems: [], ladder: toLadder(read.value.document) }
    return { problems: locateProblems(source, read.refusal.detail), ladder: null }
  })
  serve(app, context, strategyTrial, async ({ textIn, body, at }) => {
    const name = textIn('name')
    const strategy = await strategyOf(context, name, body.source)
    const zone = (await listStrategies(db)).find((each) => each.name === name)?.zone
    const named = zone ?? 'Asia/Shanghai'
    const asOf = localDay(required(zoneNamed(named), named), at)
    const carriers = await carriersOf(db)
    const given = { gate, strategy, portfolio: body.portfolio, asOf, carriers }
    const found = await tryStrategy(db, given)
    const counts = countTrial(found)
    const contacts = found.contacts
      .toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
      .slice(0, CONTACTS_SHOWN)
      .map((contact) => ({ ...contact, rules: [...contact.rules] }))
    const rules = new Set(found.contacts.flatMap((contact) => contact.rules))
    const titles = Object.fromEntries([...rules].map((rule) => [rule, titleOf(rule)]))
    return { ...found, asOf: formatLocalDate(asOf), counts, contacts, titles }
  })
}

async function strategyOf(
  { db, gate }: ConsoleContext,
  name: string,
  source: string | undefined,
): Promise<Strategy> {
  if (source !== undefined) {
    const read = readSource(source, { name, templates: await templateIds(db, gate) })
    if (read.ok) return read.value
    throw new Problem('strategy.invalid', read.refusal.detail, 'source')
  }
  const found = await readStrategy(db, name)
  if (found === null)
    throw new Problem('resource.not_found', `there is no strategy ${name}`, 'name')
  return found.strategy
}

/** Channels with an account whose terms let it carry collection content. */
async function carriersOf(db: Database): Promise<ReadonlySet<string>> {
  const accounts = await listAccounts(db)
  return new Set(accounts.filter((each) => each.collectionContent).map(({ channel }) => channel))
}
