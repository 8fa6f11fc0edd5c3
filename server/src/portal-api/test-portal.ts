import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after } from 'node:test'
import type { Instant } from '@dunlin/kernel'
import { Registry } from 'prom-client'
import { z } from 'zod'
import { makePortalUrl } from '../channels/portal-token.ts'
import { dispatchDue } from '../contact/index.ts'
import { aClock, aGate, aSink, utc } from '../contact/test-gate.ts'
import { createImporter } from '../loanbook/index.ts'
import { aPortfolio, day, LOANS, load } from '../loanbook/test-book.ts'
import { buildApi } from '../open-api/index.ts'
import { anAccount, aPlatform, settingsOf } from '../payments/test-merchant.ts'
import type { Database } from '../platform/db/index.ts'
import { openTestDatabase } from '../platform/db/test-database.ts'
import { createReactions } from '../platform/events/index.ts'
import { openEvidenceSigner } from '../platform/evidence/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { runCycle } from '../strategy/run-cycle.ts'
import { openPayments } from '../wire-payments.ts'
import { wireReactions } from '../wire-reactions.ts'
import { routePortal } from './index.ts'

// A portal that listens, over a real book, and borrowers who come with the link and the code that they were sent.

const NOON = utc('2026-06-01T06:00:00Z')

export type PortalOptions = { readonly webFolder?: string | null; readonly isDemo?: boolean }

export async function aPortal({ webFolder = null, isDemo = false }: PortalOptions = {}) {
  const db = await openTestDatabase()
  await aPortfolio(db)
  await db.run(
    `update portfolio set transfer_bank = '示例银行', transfer_name = '示例消费金融', transfer_account = '0000 0000'`,
  )
  await load(db, { kind: 'loans', text: LOANS })
  const reactions = createReactions()
  const gate = await aGate(reactions)
  wireReactions(reactions, gate.sealer)
  const [clock, wall] = [aClock(NOON), aClock(NOON)]
  await runCycle({ db, reactions, asOf: day('2026-06-01'), at: NOON })
  const platform = await aPlatform({ clock })
  const { sealer } = gate
  const { payments, onTransfer } = openPayments({ db, sealer, clock, reactions })
  const home = await mkdtemp(join(tmpdir(), 'dunlin-portal-'))
  const failures: unknown[] = []
  const onFailure = (error: unknown): void => void failures.push(error)
  const importer = createImporter({ db, sealer, clock, home, onFailure })
  const app = await buildApi(
    {
      ...{ db, sealer, reactions, clock, gate, home, importer, payments, onTransfer, isDemo },
      signer: await openEvidenceSigner(join(home, 'evidence.pem')),
      version: '0.0.0',
      metrics: new Registry(),
      unsubscribe: async () => false,
      onFailure,
    },
    (routes) =>
      routePortal(routes, {
        ...{ db, sealer, reactions, clock, wall, gate, payments, isDemo, webFolder },
        sandboxUrl: null,
        conversations: {
          ...{ db, sealer, reactions, stopWords: [], countryCode: '86' },
          receipts: async () => undefined,
        },
      }),
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  after(() => app.close())
  const notifyUrl = `${url}/callbacks/wechat-pay/pay`
  await anAccount(db, sealer, settingsOf(platform, { notifyUrl }))
  const outlets = [aSink('sms', clock), aSink('email', clock)]
  const dispatch = () => dispatchDue({ db, gate, outlets, now: clock.now, isStopping: () => false })
  const made = {
    db,
    gate,
    reactions,
    clock,
    wall,
    url,
    platform,
    payments,
    failures,
    outlets,
    dispatch,
  }
  return {
    ...made,
    call: caller(url),
    linkOf: (borrowerNo: string, at = clock.now()) => linkOf({ db, sealer, at }, borrowerNo),
    lastCode: () => lastCode(outlets),
  }
}
export type Portal = Awaited<ReturnType<typeof aPortal>>

async function borrowerOf(db: Database, borrowerNo: string): Promise<string> {
  const [row] = await db.query<{ borrower_id: string }>(
    'select borrower_id from borrower where borrower_no = $1',
    [borrowerNo],
  )
  return row?.borrower_id ?? ''
}

async function linkOf(
  { db, sealer, at }: { db: Database; sealer: Sealer; at: Instant },
  borrowerNo: string,
): Promise<string> {
  const borrowerId = await borrowerOf(db, borrowerNo)
  const url = makePortalUrl(sealer, { publicUrl: '', borrowerId, at })
  return url.slice(url.lastIndexOf('/') + 1)
}

/** The code of the last message that went out. */
function lastCode(outlets: readonly { given: readonly unknown[] }[]): string {
  const texts = outlets.flatMap(({ given }) => given.map((permit) => JSON.stringify(permit)))
  const codes = texts.flatMap(
    (text) => /(?:验证码为? ?|code (?:is|for)[^0-9]*)(\d{6})/.exec(text)?.[1] ?? [],
  )
  return codes.at(-1) ?? ''
}

const record = z.record(z.string(), z.unknown())
export type Said = {
  readonly status: number
  readonly json: Record<string, unknown>
  readonly bytes: Buffer
  readonly headers: Headers
}
export type Given = { readonly cookie?: string; readonly once?: string; readonly origin?: string }

function headersOf(method: string, given: Given): Record<string, string> {
  return {
    ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
    ...(given.cookie === undefined ? {} : { cookie: given.cookie }),
    ...(given.once === undefined ? {} : { 'idempotency-key': given.once }),
    ...(given.origin === undefined ? {} : { origin: given.origin }),
  }
}

function caller(url: string) {
  return async (request: string, body?: unknown, given: Given = {}): Promise<Said> => {
    const [method = 'GET', path = '/'] = request.split(' ')
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: headersOf(method, given),
      ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
    })
    const bytes = Buffer.from(await answer.arrayBuffer())
    const isJson = (answer.headers.get('content-type') ?? '').includes('json')
    const json = isJson ? record.parse(JSON.parse(bytes.toString())) : {}
    return { status: answer.status, json, bytes, headers: answer.headers }
  }
}

const opened = z.object({ points: z.array(z.object({ id: z.string(), kind: z.string() })) })

/** Comes in as a borrower does: link, code to the own phone or mailbox, session. The cookie. */
export async function comeIn(portal: Portal, borrowerNo: string): Promise<string> {
  const token = await portal.linkOf(borrowerNo)
  const { points } = opened.parse(
    (await portal.call('POST /portal-api/session/link', { token })).json,
  )
  const pointId = points[0]?.id ?? ''
  const sent = await portal.call('POST /portal-api/session/code', { token, pointId })
  if (sent.status !== 200) throw new Error(sent.bytes.toString())
  await portal.dispatch()
  const code = portal.lastCode()
  const entered = await portal.call('POST /portal-api/session/enter', { token, code })
  if (entered.status !== 200) throw new Error(`${code} ${entered.bytes.toString()}`)
  return entered.headers.getSetCookie()[0]?.split(';')[0] ?? ''
}
