import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import {
  formatInstant,
  instant,
  instantsOfLocal,
  localDay,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '../../platform/http/index.ts'
import { readPack } from '../../platform/packs.ts'
import { toResponse } from '../cases/case-response.ts'
import { type ApiContext, authorise } from '../context.ts'
import { listEventsAfter, listWorklist, readOverview } from '../open-api-store.ts'

const PUBLIC = join(import.meta.dirname, '../../../public')
const FILES = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
} as const
const CASES_SHOWN = 12
const EVENTS_AT_ONCE = 100
const POLL_MS = 1_000
const STREAM_MS = 5 * 60_000
const ZONE = 'Asia/Shanghai'
export const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** The first page, its data, and the stream of events behind its timeline. */
export function routePage(app: App, context: ApiContext): void {
  for (const [path, [file, type]] of Object.entries(FILES)) {
    const body = readFileSync(join(PUBLIC, file))
    app.get(path, { schema: { hide: true } }, (_request, reply) =>
      reply.headers(HEADERS).type(type).send(body),
    )
  }
  app.get('/page/overview', { schema: { hide: true } }, async (request) => {
    await authorisePage(context, request)
    return overview(context)
  })
  const schema = {
    hide: true,
    querystring: z.object({
      after: z
        .string()
        .regex(/^\d{1,18}$/)
        .default('0'),
    }),
  }
  app.get('/page/events', { schema }, async (request, reply) => {
    await authorisePage(context, request)
    const stream = Readable.from(events(context, request.query.after))
    return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream)
  })
}

/** A demo shows its made-up book to whoever is on this machine; anything else needs a key. */
export async function authorisePage(context: ApiContext, request: FastifyRequest): Promise<void> {
  if (!context.isDemo) await authorise(context, request, 'read')
}

async function overview(context: ApiContext): Promise<object> {
  const { db, clock } = context
  const now = clock.now()
  const zone = required(zoneNamed(ZONE), ZONE)
  const [midnight = now] = instantsOfLocal(zone, localDay(zone, now), 0)
  const found = await readOverview(db, formatInstant(instant(midnight)))
  const cases = await listWorklist(db, CASES_SHOWN)
  return {
    now: formatInstant(now),
    totals: {
      borrowers: Number(found.totals?.borrowers ?? 0),
      loans: Number(found.totals?.loans ?? 0),
      open: Number(found.totals?.open ?? 0),
      outstandingMinor: Number(found.totals?.outstanding_minor ?? 0),
    },
    stages: found.stages.map((row) => ({
      stage: row.stage,
      cases: Number(row.cases),
      arrearsMinor: Number(row.arrears_minor),
    })),
    verdicts: found.verdicts.map((row) => ({
      ...row,
      count: Number(row.count),
      title: titleOf(row.rule),
    })),
    channels: found.channels.map((row) => ({ ...row, count: Number(row.count) })),
    cases: cases.map((row) => toResponse(row, context)),
  }
}

const titles = new Map<string, { zh: string; en: string }>()

function titleOf(rule: string | null): { zh: string; en: string } | null {
  if (rule === null) return null
  if (titles.size === 0) {
    for (const id of ['cn', 'lender-default']) {
      for (const each of readPack(id)?.rules ?? []) titles.set(each.id, each.title)
    }
  }
  return titles.get(rule) ?? { zh: rule, en: rule }
}

const payloadSchema = z.object({ channel: z.string().optional() }).loose()

/** New events as they come, polled from the outbox; the page asks again when the stream ends. */
async function* events({ db }: ApiContext, from: string): AsyncIterable<string> {
  let after = from
  const ends = performance.now() + STREAM_MS
  while (performance.now() < ends) {
    const rows = await listEventsAfter(db, after, EVENTS_AT_ONCE)
    const told = rows.map((row) => ({
      id: row.outbox_id,
      at: row.at,
      event: row.event,
      channel: payloadSchema.parse(row.payload).channel ?? null,
      borrowerNo: row.borrower_no,
    }))
    after = rows.at(-1)?.outbox_id ?? after
    yield told.length === 0 ? ': still here\n\n' : `data: ${JSON.stringify(told)}\n\n`
    await wait(POLL_MS)
  }
}
