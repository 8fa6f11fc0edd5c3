import { providersResponse, resumeRequest, stoppedResponse, stopRequest } from '@dunlin/contract'
import { formatInstant, type Instant, instant } from '@dunlin/kernel'
import { z } from 'zod'
import { CONTENTS, termsOf } from '../../channels/limits.ts'
import { listAccounts, resumeAccount, stopAccount } from '../../people/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import type { Database, Tx } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ApiContext, answerOnce } from '../context.ts'
import {
  listConnections,
  listErrors,
  listProviders,
  type ProviderRow,
  readBacklog,
  readRates,
} from './provider-rates-store.ts'

const params = z.object({ name: z.string().min(1).max(100) })
const HOUR_MS = 60 * 60_000
const MINUTES = 60
/** A process that has said nothing for this long has ended, or hangs. */
const SEEN_MS = 60_000
type Providers = z.infer<typeof providersResponse>

/** `GET /api/v1/providers`, and the kill switch of each account: it can only forbid. */
export function routeProviders(app: App, context: ApiContext): void {
  const { db, clock } = context
  const list = {
    tags: ['providers'],
    summary: 'Provider accounts: what they may carry, how they fare, what went through them',
    response: { 200: providersResponse },
  }
  app.get('/api/v1/providers', { schema: list, config: { scope: 'read' } }, () =>
    readProviders(db, clock.now()),
  )
  const stop = {
    tags: ['providers'],
    summary: 'Send nothing more through an account, from now on',
    description:
      'What was handed over already is not called back; what is due waits, or goes another way.',
    params,
    body: stopRequest,
    response: { 200: stoppedResponse, 201: stoppedResponse },
  }
  const config = { scope: 'admin', once: true, problems: ['resource.not_found'] } as const
  app.post('/api/v1/providers/:name/stop', { schema: stop, config }, async (request, reply) => {
    const answer = await answerOnce(context, request, {
      schema: stoppedResponse,
      work: async (tx, at) => {
        const { name } = request.params
        const { reason } = request.body
        const by = request.caller
        const found = await stopAccount(tx, { name, by, reason, at: formatInstant(at) })
        return {
          status: 201,
          body: await told(tx, { found, name, by, reason, at, action: 'stopped' }),
        }
      },
    })
    return reply.status(answer.status).send(answer.body)
  })
  const resume = { ...stop, summary: 'End the stop of an account', body: resumeRequest }
  const { description: _, ...resumed } = resume
  app.post(
    '/api/v1/providers/:name/resume',
    { schema: resumed, config },
    async (request, reply) => {
      const answer = await answerOnce(context, request, {
        schema: stoppedResponse,
        work: async (tx, at) => {
          const { name } = request.params
          const { reason } = request.body
          const by = request.caller
          const found = await resumeAccount(tx, name)
          return {
            status: 201,
            body: await told(tx, { found, name, by, reason, at, action: 'resumed' }),
          }
        },
      })
      return reply.status(answer.status).send(answer.body)
    },
  )
}

/** Writes into the audit who did it and why, and answers with the stop that is in force. */
async function told(
  tx: Tx,
  done: {
    readonly found: string | null
    readonly name: string
    readonly by: string
    readonly reason: string
    readonly at: Instant
    readonly action: 'stopped' | 'resumed'
  },
): Promise<z.infer<typeof stoppedResponse>> {
  const { found, name, by, reason, at, action } = done
  if (found === null)
    throw new Problem('resource.not_found', `there is no provider account ${name}`, 'name')
  await insertAudit(tx, {
    actor: by,
    action: `provider.${action}`,
    subject: `provider ${found}`,
    detail: { reason },
    at: formatInstant(at),
  })
  const [row] = await listProviders(tx, name)
  return { name, stopped: row === undefined ? null : stopOf(row) }
}

async function readProviders(db: Database, at: Instant): Promise<Providers> {
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
