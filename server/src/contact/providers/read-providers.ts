import type { providersResponse } from '@dunlin/contract'
import { formatInstant, type Instant, instant } from '@dunlin/kernel'
import type { z } from 'zod'
import { CONTENTS, termsOf } from '../../channels/limits.ts'
import { listAccounts, resumeAccount, stopAccount } from '../../people/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import type { Database, Tx } from '../../platform/db/index.ts'
import {
  listConnections,
  listErrors,
  listProviders,
  type ProviderRow,
  readBacklog,
  readRates,
} from './provider-rates-store.ts'

const HOUR_MS = 60 * 60_000
const MINUTES = 60
/** A process that has said nothing for this long has ended, or hangs. */
const SEEN_MS = 60_000
type Providers = z.infer<typeof providersResponse>

/** Provider accounts: what they may carry, how they fare, what went through them in the last hour. */
export async function readProviders(db: Database, at: Instant): Promise<Providers> {
  const rows = await listProviders(db, null)
  const ids = rows.map(({ id }) => id)
  const hour = { ids, since: formatInstant(instant(at - HOUR_MS)) }
  const lately = { ids, since: formatInstant(instant(at - SEEN_MS)) }
  const rates = new Map((await readRates(db, hour)).map((rate) => [rate.id, rate]))
  const connections = Map.groupBy(await listConnections(db, lately), ({ id }) => id)
  const errors = Map.groupBy(await listErrors(db, hour), ({ id }) => id)
  const due = new Map(
    (await readBacklog(db, formatInstant(at))).map((row) => [row.channel, row.due]),
  )
  const enabled = new Map((await listAccounts(db)).map((account) => [account.accountId, account]))
  const items = rows.map((row) => {
    const account = enabled.get(row.id)
    const may = {
      collection: account?.collectionContent === true,
      service: account?.serviceContent === true,
      code: account?.oneTimeCodes === true,
    }
    return {
      ...toResponse(row),
      carries: CONTENTS.filter((content) => may[content]),
      connections: (connections.get(row.id) ?? []).map((each) => ({
        worker: each.worker,
        isConnected: each.is_connected,
        restingUntil: each.resting_until,
        lastError: each.last_error,
        state: each.state,
        seenAt: each.seen_at,
      })),
      lastHour: toRates(rates.get(row.id)),
      backlog: due.get(row.channel) ?? 0,
      lastErrors: (errors.get(row.id) ?? []).map(({ at: on, reason }) => ({ at: on, reason })),
    }
  })
  return { items }
}

type Item = Providers['items'][number]

function toResponse(
  row: ProviderRow,
): Pick<Item, 'name' | 'channel' | 'adapter' | 'isEnabled' | 'cost' | 'stopped' | 'limits'> {
  const { name, channel, adapter, is_enabled, cost_per_thousand_minor, cost_currency } = row
  return {
    ...{ name, channel, adapter, isEnabled: is_enabled, stopped: stopOf(row) },
    cost:
      cost_per_thousand_minor === null || cost_currency === null
        ? null
        : { perThousandMinor: Number(cost_per_thousand_minor), currency: cost_currency },
    limits: termsOf(adapter).limits,
  }
}

function stopOf({ stopped_at, stopped_by, stop_reason }: ProviderRow): Item['stopped'] {
  if (stopped_at === null || stopped_by === null || stop_reason === null) return null
  return { at: stopped_at, by: stopped_by, reason: stop_reason }
}

function toRates(
  rate: Awaited<ReturnType<typeof readRates>>[number] | undefined,
): Item['lastHour'] {
  return {
    sent: rate?.sent ?? 0,
    failed: rate?.failed ?? 0,
    unknown: rate?.unknown ?? 0,
    inFlight: rate?.in_flight ?? 0,
    delivered: rate?.delivered ?? 0,
    undelivered: rate?.undelivered ?? 0,
    parts: rate?.parts ?? 0,
    costMinor: rate === undefined ? 0 : rate.cost_minor,
    perMinute: Math.round(((rate?.sent ?? 0) / MINUTES) * 10) / 10,
  }
}

export type ProviderSwitch = {
  readonly name: string
  readonly by: string
  readonly reason: string
  readonly at: Instant
}
export type Stop = NonNullable<Item['stopped']>

/** Sends nothing more through an account from now on; the stop in force, or null when there is no such account. */
export async function stopProvider(
  tx: Tx,
  given: ProviderSwitch,
): Promise<{ stopped: Stop | null } | null> {
  const { name, by, reason, at } = given
  const found = await stopAccount(tx, { name, by, reason, at: formatInstant(at) })
  return tell(tx, { ...given, found, action: 'stopped' })
}

/** Ends the stop of an account: the gate and the account's terms decide again. */
export async function resumeProvider(
  tx: Tx,
  given: ProviderSwitch,
): Promise<{ stopped: Stop | null } | null> {
  const found = await resumeAccount(tx, given.name)
  return tell(tx, { ...given, found, action: 'resumed' })
}

/** Writes into the audit who did it and why. */
async function tell(
  tx: Tx,
  done: ProviderSwitch & { found: string | null; action: 'stopped' | 'resumed' },
): Promise<{ stopped: Stop | null } | null> {
  const { found, name, by, reason, at, action } = done
  if (found === null) return null
  await insertAudit(tx, {
    actor: by,
    action: `provider.${action}`,
    subject: `provider ${found}`,
    detail: { reason },
    at: formatInstant(at),
  })
  const [row] = await listProviders(tx, name)
  return { stopped: row === undefined ? null : stopOf(row) }
}
