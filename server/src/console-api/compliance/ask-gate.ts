import { AHEAD_DAYS_MAX, askGate } from '@dunlin/contract'
import { formatInstant, type Instant, parseInstant } from '@dunlin/kernel'
import {
  explainContact,
  type Permission,
  previewContacts,
  toExplanation,
} from '../../contact/index.ts'
import { listAccounts } from '../../people/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { assertOfHouse, serve } from '../serve.ts'
import { listCasesOf } from './evidence-case-store.ts'

const DAY_MS = 86_400_000

/** What the gate would say, by what is known today, if a borrower were contacted at another moment. */
export function routeAskGate(app: App, context: ConsoleContext): void {
  const { db, gate } = context
  serve(app, context, askGate, async ({ asker, query, at: now }) => {
    assertOfHouse(asker)
    const [latest] = await listCasesOf(db, query.borrower)
    if (latest === undefined)
      throw new Problem('resource.not_found', `${query.borrower} has no case`, 'borrower')
    const { caseId } = latest
    const at = momentOf(query.at, now)
    const carriers = await carriersOf(db)
    const asked = { caseId, at, carriers }
    const contacts = await previewContacts(db, gate, asked)
    const { channel, point: contactPointId } = query
    const told =
      channel === undefined || contactPointId === undefined
        ? null
        : await explainContact(db, gate, { ...asked, channel, contactPointId })
    return {
      ...{ caseId, at: formatInstant(at), contacts: contacts.map(toContact) },
      told: told === null ? null : toExplanation(told),
    }
  })
}

function momentOf(given: string | undefined, now: Instant): Instant {
  if (given === undefined) return now
  const at = parseInstant(given)
  if (at === null || at < now - DAY_MS || at > now + AHEAD_DAYS_MAX * DAY_MS)
    throw new Problem('request.invalid', `expected one of the next ${AHEAD_DAYS_MAX} days`, 'at')
  return at
}

/** Channels with an account that may carry collection content. */
async function carriersOf(db: ConsoleContext['db']): Promise<ReadonlySet<string>> {
  const accounts = (await listAccounts(db)).filter((each) => each.collectionContent)
  return new Set(accounts.map(({ channel }) => channel))
}

function toContact({ channel, contactPointId, masked, relation, verdict }: Permission) {
  const until = verdict.verdict === 'defer' ? formatInstant(verdict.until) : null
  return { channel, masked, relation, point: contactPointId, verdict: verdict.verdict, until }
}
