import { instant, Secret } from '@dunlin/kernel'
import { NOW } from './channels/channel-contract.ts'
import type { InboundHandlers } from './channels/inbound.ts'
import { type ConversationContext, receiveInbound } from './conversations/index.ts'
import { type Database, openDatabase } from './platform/db/index.ts'
import { createReactions } from './platform/events/index.ts'
import { createTestSealer } from './platform/seal/index.ts'
import { openProvider, type Provider } from './wire-providers.ts'

// An email account that reads a mailbox, and borrowers who write to it.

export const MAILBOX_PASSWORD = 'sandbox'
export const ANSWERS_TO = 'reply@lender.example.com'
const clock = { now: () => instant(NOW) }
const sealer = createTestSealer()

/** A portfolio, the account `mail`, and borrowers with a loan who write from `addresses`, in order. */
export async function addMailBook(db: Database, addresses: readonly string[]): Promise<void> {
  await db.run(`insert into portfolio (name, lender, country, currency, zones, packs, collector_role,
    strategy, contact_line, complaint_line) values ('p', 'l', 'CN', 'CNY', '{Asia/Shanghai}', '{cn}',
    'original-creditor', 's', '400', '401')`)
  await db.run(`insert into provider_account (name, channel, adapter, collection_content)
    values ('mail', 'email', 'smtp', true)`)
  await db.run(
    `insert into borrower (lender, borrower_no, sealed, person_hash, country, zones, language)
     select 'l', n, '', '', 'CN', '{Asia/Shanghai}', 'zh-CN' from generate_series(1, $1::integer) n`,
    [addresses.length],
  )
  await db.run(`insert into loan (borrower_id, portfolio_id, loan_no, currency)
    select borrower_id, 1, borrower_no, 'CNY' from borrower`)
  await db.run(
    `insert into contact_point (borrower_id, kind, sealed, value_hash, masked)
     select n, 'email', '', h, '***' from unnest($1::bytea[]) with ordinality as u(h, n)`,
    [addresses.map((address) => sealer.hash('email', address))],
  )
}

/** A letter of the account to a borrower, as dispatch leaves it when the server has accepted it. */
export async function addLetter(db: Database, borrowerId: number, permitId: string): Promise<void> {
  await db.run(`select ensure_month_partitions('attempt', '2026-11-01', '2026-11-30')`)
  await db.run(
    `insert into attempt (borrower_id, created_on, portfolio_id, direction, channel, purpose, state, at,
       permit_id, provider_message_id, contact_point_id)
     select $1, '2026-11-20', 1, 'outbound', 'email', 'collect', 'sent', '2026-11-20T04:00:00Z', $2::uuid,
       $2::text, contact_point_id
     from contact_point where borrower_id = $1`,
    [borrowerId, permitId],
  )
}

export type MailboxOptions = {
  readonly imapPort: number
  readonly imap?: object
  readonly settings?: object
  readonly password?: string
}

/** The account, open, with everything that an arrival does; its first chore takes mail. */
export function openMailbox(db: Database, options: MailboxOptions): Provider {
  const context: ConversationContext = {
    ...{ db, sealer, reactions: createReactions(), receipts: async () => undefined },
    ...{ stopWords: ['R', '退订'], countryCode: '86' },
  }
  const handlers: InboundHandlers = {
    onInbound: (item) => receiveInbound(context, item),
    onReceipts: async () => undefined,
  }
  const { imapPort, imap, settings, password } = options
  return openProvider(
    {
      ...{ accountId: '1', name: 'mail', adapter: 'smtp', collectionContent: true },
      settings: {
        ...{ host: '127.0.0.1', port: 1, tls: 'none', fromName: '示例消费金融' },
        ...{ fromAddress: 'notice@lender.example.com', replyTo: ANSWERS_TO },
        unsubscribeMailbox: 'unsubscribe@lender.example.com',
        bounceDomain: 'bounce.lender.example.com',
        imap: {
          ...{ host: '127.0.0.1', port: imapPort, tls: 'none', user: 'reply@lender.example.com' },
          ...{ pollMs: 600_000, connectWaitMs: 5_000, answerWaitMs: 5_000, ...imap },
        },
        ...settings,
      },
      secrets: new Secret({ imapPassword: password ?? MAILBOX_PASSWORD }),
    },
    { clock, sealer, handlers, db },
  )
}

/** Opens the database at `url` and the mailbox, and takes mail without a pause until the process is ended. */
export async function takeForever(url: string, options: MailboxOptions): Promise<never> {
  const db = openDatabase({ url, connectionsMax: 4 })
  const take = openMailbox(db, options).chores?.[0]?.work
  if (take === undefined) throw new Error('no chore takes mail')
  for (;;) {
    await take().catch(() => undefined)
    await new Promise((done) => setTimeout(done, 5))
  }
}

/** A mail as a mail program writes it. */
export function aMail(mail: {
  readonly from: string
  readonly text: string
  readonly id?: string
  readonly to?: string
  readonly head?: readonly string[]
}): string {
  return [
    ...(mail.head ?? [`Return-Path: <${mail.from}>`]),
    `From: <${mail.from}>`,
    `To: <${mail.to ?? ANSWERS_TO}>`,
    ...(mail.id === undefined ? [] : [`Message-ID: <${mail.id}@mail.example.com>`]),
    'Subject: Re: =?utf-8?B?6LSm5oi36YCa55+l?=',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(mail.text).toString('base64'),
    '',
  ].join('\r\n')
}

export type Heard = { readonly borrowerId: string; readonly class: string; readonly text: string }

/** What the borrowers said, as it is kept, in the order of its arrival. */
export async function heard(db: Database): Promise<readonly Heard[]> {
  const rows = await db.query<{ borrower_id: string; class: string; sealed_body: Buffer }>(
    'select borrower_id, class, sealed_body from message order by message_id',
  )
  return rows.map((row) => ({
    borrowerId: row.borrower_id,
    class: row.class,
    text: String(new Map(Object.entries(JSON.parse(sealer.open(row.sealed_body)))).get('text')),
  }))
}

/** The key under which the account signs its addresses. */
export function signingKey(): Secret<Uint8Array> {
  return new Secret<Uint8Array>(sealer.hash('email', 'bounce addresses of 1'))
}
