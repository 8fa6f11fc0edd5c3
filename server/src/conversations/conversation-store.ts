import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database, Tx } from '../platform/db/index.ts'
import type { Intent } from './model/intent.ts'

/** A contact point that a message may have come from, and whose it is (`partyId` null: the borrower's own). */
export type Sender = {
  readonly borrowerId: string
  readonly partyId: string | null
  /** Null where there is none, as in a portal. */
  readonly contactPointId: string | null
}

/** A sender who was found by the address. */
export type KnownSender = Sender & { readonly contactPointId: string }

type SenderRow = { borrower_id: string; party_id: string | null; contact_point_id: string }

function fromRow(row: SenderRow): KnownSender {
  return {
    borrowerId: row.borrower_id,
    partyId: row.party_id,
    contactPointId: row.contact_point_id,
  }
}

const SENDERS_MAX = 100

/** Everybody with that number or address, whom we wrote to last first. */
export async function findSenders(
  tx: Tx,
  kind: 'phone' | 'email' | 'wecom',
  hashes: readonly Uint8Array[],
): Promise<readonly KnownSender[]> {
  const rows = await tx.query<SenderRow>(
    `select p.borrower_id, p.party_id, p.contact_point_id
     from contact_point p
     left join lateral (
       select max(a.at) as last_at from attempt a
       where a.borrower_id = p.borrower_id and a.contact_point_id = p.contact_point_id
         and a.direction = 'outbound' and a.at is not null) a on true
     where p.value_hash = any($1) and p.kind = $2
     order by a.last_at desc nulls last, p.party_id nulls first, p.borrower_id
     limit ${SENDERS_MAX}`,
    [[...hashes], kind],
  )
  return rows.map(fromRow)
}

/** Whom the message of a permit went to. */
export async function findReceiver(
  tx: Tx,
  permitId: string,
  messageId: string = permitId,
): Promise<KnownSender | null> {
  // A message of unknown fate has no provider's id yet; the few of them are searched by the permit.
  const rows = await tx.query<SenderRow>(
    `(select borrower_id, party_id, contact_point_id from attempt
      where provider_message_id = $1 and contact_point_id is not null limit 1)
     union all
     (select borrower_id, party_id, contact_point_id from attempt
      where state = 'unknown' and permit_id = $2::uuid and contact_point_id is not null limit 1)
     limit 1`,
    [messageId, permitId],
  )
  return rows.map(fromRow)[0] ?? null
}

/** Makes the month's partitions of what an arrival writes; its own transaction, since it locks the tables. */
export async function prepareMonth(db: Database, at: Instant): Promise<void> {
  const found = await db.query<{ exists: boolean }>(
    `select to_regclass('attempt_' || to_char($1::timestamptz, 'YYYYMM')) is not null
        and to_regclass('message_' || to_char($1::timestamptz, 'YYYYMM')) is not null as exists`,
    [formatInstant(at)],
  )
  if (found[0]?.exists === true) return
  await db.transaction(async (tx) => {
    await tx.run('select pg_advisory_xact_lock(2, 1)')
    for (const table of ['attempt', 'message']) {
      await tx.run('select ensure_month_partitions($1::regclass, $2::date, $2::date)', [
        table,
        formatInstant(at).slice(0, 10),
      ])
    }
  })
}

export type CaseOfBorrower = { readonly caseId: string | null; readonly portfolioId: string }

/** The open case of a borrower, or without one the portfolio of the newest loan. */
export async function findCase(tx: Tx, borrowerId: string): Promise<CaseOfBorrower | null> {
  const rows = await tx.query<{ case_id: string | null; portfolio_id: string }>(
    `(select case_id, portfolio_id, 1 as place from collection_case
      where borrower_id = $1 and state = 'open' order by case_id desc limit 1)
     union all
     (select null, portfolio_id, 2 from loan where borrower_id = $1 order by loan_id desc limit 1)
     order by place limit 1`,
    [borrowerId],
  )
  const [row] = rows
  return row === undefined ? null : { caseId: row.case_id, portfolioId: row.portfolio_id }
}

export type Arrival = {
  readonly sender: Sender
  readonly of: CaseOfBorrower
  readonly accountId: string | null
  readonly channel: string
  /** By which of the channel's ways it came, where it has several. */
  readonly via?: 'kf'
  readonly at: Instant
}

/** The borrower's contact of us, as an attempt of direction inbound. Its id. */
export async function insertInboundAttempt(tx: Tx, arrival: Arrival): Promise<string> {
  const { sender, of, at } = arrival
  const rows = await tx.query<{ attempt_id: string }>(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, party_id,
       contact_point_id, channel, direction, purpose, state, at, provider_account_id, via)
     values ($1, $2, $3, $4, $5, $6, $7, 'inbound', 'service', 'received', $8, $9, $10)
     returning attempt_id`,
    [
      sender.borrowerId,
      formatInstant(at).slice(0, 10),
      of.caseId,
      of.portfolioId,
      sender.partyId,
      sender.contactPointId,
      arrival.channel,
      formatInstant(at),
      arrival.accountId,
      arrival.via ?? null,
    ],
  )
  return rows[0]?.attempt_id ?? never()
}

export type MessageClass = Intent | 'unsure' | 'bounce'

export async function insertMessage(
  tx: Tx,
  message: Omit<Arrival, 'of'> & {
    readonly conversationId: string | null
    readonly attemptId: string | null
    readonly sealedBody: Uint8Array
    readonly class: MessageClass
    /** How sure the model was; null where it was not asked. */
    readonly classPercent: number | null
  },
): Promise<string> {
  const { sender, at } = message
  const rows = await tx.query<{ message_id: string }>(
    `insert into message (borrower_id, received_on, conversation_id, attempt_id, channel,
       direction, contact_point_id, sealed_body, class, received_at, class_percent)
     values ($1, $2, $3, $4, $5, 'inbound', $6, $7, $8, $9, $10) returning message_id`,
    [
      sender.borrowerId,
      formatInstant(at).slice(0, 10),
      message.conversationId,
      message.attemptId,
      message.channel,
      sender.contactPointId,
      message.sealedBody,
      message.class,
      formatInstant(at),
      message.classPercent,
    ],
  )
  return rows[0]?.message_id ?? never()
}

/** Whether that person's channel is stopped already, with no end in sight. */
export async function isStopped(
  tx: Tx,
  stop: { readonly borrowerId: string; readonly partyId: string | null; readonly channel: string },
): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from hold where borrower_id = $1 and kind = 'channel-stop' and channel = $3
       and party_id is not distinct from $2::bigint and to_at is null limit 1`,
    [stop.borrowerId, stop.partyId, stop.channel],
  )
  return rows.length > 0
}

/** Whether a hold of the kind is open for that person, with no end in sight. */
export async function hasOpenHold(
  tx: Tx,
  hold: {
    readonly borrowerId: string
    readonly partyId: string | null
    readonly kind: string
    readonly at: Instant
  },
): Promise<boolean> {
  const rows = await tx.query(
    `select 1 from hold where borrower_id = $1 and kind = $3 and from_at <= $4 and to_at is null
       and (party_id is null or party_id is not distinct from $2::bigint) and channel is null
       and contact_point_id is null and debts is null limit 1`,
    [hold.borrowerId, hold.partyId, hold.kind, formatInstant(hold.at)],
  )
  return rows.length > 0
}

function never(): never {
  throw new Error('insert … returning gave no row')
}
