import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import { settingsSchema } from '@dunlin/contract'
import { Registry } from 'prom-client'
import { z } from 'zod'
import { aClock, aGate, utc } from '../contact/test-gate.ts'
import { createImporter } from '../loanbook/index.ts'
import { aPortfolio, day, LOANS, load } from '../loanbook/test-book.ts'
import { applySettings } from '../people/index.ts'
import type { Database } from '../platform/db/index.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { openEvidenceSigner, sealBatches } from '../platform/evidence/index.ts'
import { runCycle } from '../strategy/run-cycle.ts'
import { openPayments } from '../wire-payments.ts'
import { wireReactions } from '../wire-reactions.ts'
import { buildApi } from './index.ts'

// A listening API over a real book, and a caller with keys.

export const NOON = utc('2026-06-01T06:00:00Z')
export const KEYS = {
  read: 'key-of-a-reader-0123456789',
  write: 'key-of-a-writer-0123456789',
  admin: 'key-of-an-admin-0123456789',
} as const
export const SIGNING = 'secret-of-the-payment-provider'

const SETTINGS = settingsSchema.parse({
  accounts: [
    { name: 'sms', channel: 'sms', adapter: 'sink', collectionContent: true },
    { name: 'mail', channel: 'email', adapter: 'sink', collectionContent: true },
    {
      name: 'bank',
      channel: 'payment',
      adapter: 'webhook',
      collectionContent: false,
      secrets: { signing: SIGNING },
    },
  ],
  apiKeys: [
    { name: 'reader', scopes: ['read'], key: KEYS.read },
    { name: 'writer', scopes: ['read', 'write'], key: KEYS.write },
    { name: 'admin', scopes: ['admin'], key: KEYS.admin },
  ],
})

export type Call = {
  readonly key?: string | undefined
  readonly body?: unknown
  readonly text?: string
  readonly type?: string
  readonly once?: string
  readonly headers?: Record<string, string>
}
export type Reply = {
  readonly status: number
  readonly type: string
  /** The JSON answered with; empty where it was none. */
  readonly json: Record<string, unknown>
  readonly bytes: Buffer
  readonly headers: Headers
}

const record = z.record(z.string(), z.unknown())

/** The book of `test-book`, its cases open and planned, and the API listening on a free port. */
export async function anApi() {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await db.run(`update portfolio set lender = '示例消费金融有限公司'`)
  await load(db, { kind: 'loans', text: LOANS })
  const reactions = createReactions()
  const gate = await aGate(reactions)
  wireReactions(reactions, gate.sealer)
  const clock = aClock(NOON)
  await runCycle({ db, reactions, asOf: day('2026-06-01'), at: NOON })
  await applySettings(db, SETTINGS, { sealer: gate.sealer, at: NOON })
  const home = await mkdtemp(join(tmpdir(), 'dunlin-api-'))
  const signer = await openEvidenceSigner(join(home, 'evidence.pem'))
  const failures: unknown[] = []
  const onFailure = (error: unknown): void => void failures.push(error)
  const importer = createImporter({ db, sealer: gate.sealer, clock, home, onFailure })
  const payments = openPayments({ db, sealer: gate.sealer, clock, reactions })
  const app = await buildApi({
    db,
    sealer: gate.sealer,
    reactions,
    clock,
    gate,
    signer,
    home,
    version: '0.0.0',
    metrics: new Registry(),
    isDemo: false,
    ...payments,
    unsubscribe: async (token) => token === 'known',
    importer,
    onFailure,
  })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  after(() => app.close())
  const seal = () => sealBatches(db, { signer, headsFile: join(home, 'heads'), at: clock.now() })
  const of = { app, db, gate, clock, reactions, failures, home, url, seal, ...payments }
  return { ...of, call: caller(url) }
}
export type Api = Awaited<ReturnType<typeof anApi>>

function caller(url: string) {
  return async (request: string, given: Call = {}): Promise<Reply> => {
    const [method = 'GET', path = '/'] = request.split(' ')
    const body = given.text ?? (given.body === undefined ? undefined : JSON.stringify(given.body))
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...headersOf(given, body !== undefined), ...given.headers },
      ...(body === undefined ? {} : { body }),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const type = answer.headers.get('content-type') ?? ''
    const json = type.includes('json') ? record.parse(JSON.parse(bytes.toString())) : {}
    return { status: answer.status, type, json, bytes, headers: answer.headers }
  }
}

function headersOf(given: Call, hasBody: boolean): Record<string, string> {
  const key = 'key' in given ? given.key : KEYS.write
  return {
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    ...(hasBody ? { 'content-type': given.type ?? 'application/json' } : {}),
    ...(given.once === undefined ? {} : { 'idempotency-key': given.once }),
  }
}

/** Open cases by their borrower's number. */
export async function caseOf(db: Database, borrowerNo: string): Promise<string> {
  const [row] = await db.query<{ case_id: string }>(
    `select case_id from collection_case join borrower using (borrower_id)
     where borrower_no = $1 order by case_id desc limit 1`,
    [borrowerNo],
  )
  if (row === undefined) throw new Error(`no case of ${borrowerNo}`)
  return row.case_id
}

export function problemOf({ status, json }: Reply): string {
  const field = typeof json.field === 'string' ? ` ${json.field}` : ''
  return `${status} ${String(json.code)}${field}`
}
