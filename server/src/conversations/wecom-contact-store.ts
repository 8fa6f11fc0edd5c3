import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Tx } from '../platform/db/index.ts'

/** An invite, and the borrower whom it was made for. */
export type Invite = {
  readonly inviteId: string
  readonly borrowerId: string
  readonly isUsed: boolean
}

export async function findInvite(
  tx: Tx,
  { accountId, token }: { readonly accountId: string; readonly token: string },
): Promise<Invite | null> {
  const [row] = await tx.query<{ wecom_invite_id: string; borrower_id: string; is_used: boolean }>(
    `select wecom_invite_id, borrower_id, used_at is not null as is_used
     from wecom_invite where provider_account_id = $1 and token = $2`,
    [accountId, token],
  )
  return row === undefined
    ? null
    : { inviteId: row.wecom_invite_id, borrowerId: row.borrower_id, isUsed: row.is_used }
}

export type BoundContact = {
  readonly borrowerId: string
  readonly accountId: string
  readonly via: 'mass' | 'kf'
  /** The member, or the customer-service account. */
  readonly through: string
  readonly sealed: Uint8Array
  readonly hash: Uint8Array
  readonly masked: string
  readonly welcome: { readonly sealedCode: Uint8Array; readonly until: Instant } | null
  readonly at: Instant
}

/** Makes the address a contact point of the borrower and notes whose member it is. Its id. */
export async function bindContact(tx: Tx, contact: BoundContact): Promise<string> {
  const [point] = await tx.query<{ contact_point_id: string }>(
    `insert into contact_point (borrower_id, kind, sealed, value_hash, masked, source)
     values ($1, 'wecom', $2, $3, $4, 'borrower')
     on conflict (borrower_id, kind, value_hash, coalesce(party_id, 0)) do update set health = 'ok'
     returning contact_point_id`,
    [contact.borrowerId, contact.sealed, contact.hash, contact.masked],
  )
  const pointId = point?.contact_point_id ?? never()
  await tx.run(
    `insert into wecom_contact (borrower_id, contact_point_id, provider_account_id, via, userid, agent_id, added_at,
       sealed_welcome_code, welcome_until)
     values ($1, $2, $3, $4, $5, (select a.agent_id from provider_account p,
         jsonb_each_text(coalesce(p.settings->'members', '{}')) m join agent a on a.login = m.key
         where p.provider_account_id = $3 and m.value = $5 and $4 = 'mass' limit 1), $6, $7, $8)
     on conflict (borrower_id, contact_point_id) do update set removed_at = null, agent_id = excluded.agent_id,
       sealed_welcome_code = excluded.sealed_welcome_code, welcome_until = excluded.welcome_until`,
    [
      contact.borrowerId,
      pointId,
      contact.accountId,
      contact.via,
      contact.through,
      formatInstant(contact.at),
      contact.welcome?.sealedCode ?? null,
      contact.welcome === null ? null : formatInstant(contact.welcome.until),
    ],
  )
  return pointId
}

export async function markInviteUsed(tx: Tx, inviteId: string, at: Instant): Promise<void> {
  await tx.run(
    'update wecom_invite set used_at = $2 where wecom_invite_id = $1 and used_at is null',
    [inviteId, formatInstant(at)],
  )
}

/** The borrower deleted us. */
export async function unbindContact(
  tx: Tx,
  contact: { readonly borrowerId: string; readonly contactPointId: string; readonly at: Instant },
): Promise<void> {
  const { borrowerId, contactPointId } = contact
  await tx.run(
    `update wecom_contact set removed_at = $3, sealed_welcome_code = null
     where borrower_id = $1 and contact_point_id = $2 and removed_at is null`,
    [borrowerId, contactPointId, formatInstant(contact.at)],
  )
}

export type PlannedWecom = {
  readonly borrowerId: string
  readonly caseId: string
  readonly portfolioId: string
  readonly contactPointId: string
  readonly template: string
  readonly via: 'chat' | null
  readonly at: Instant
}

/** Plans a message for the gate to decide on at once. */
export async function planWecom(tx: Tx, planned: PlannedWecom): Promise<void> {
  await tx.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose,
       template, state, due_at, actor_kind, via)
     values ($1, $2, $3, $4, $5, 'wecom', 'outbound', 'collect', $6, 'planned', $7, 'robot', $8)`,
    [
      planned.borrowerId,
      formatInstant(planned.at).slice(0, 10),
      planned.caseId,
      planned.portfolioId,
      planned.contactPointId,
      planned.template,
      formatInstant(planned.at),
      planned.via,
    ],
  )
}

export type NewInvite = {
  readonly accountId: string
  readonly borrowerId: string
  readonly caseId: string
  readonly token: string
  readonly way: 'qr' | 'link' | 'kf'
  readonly userid: string
  readonly at: Instant
}

/** Stored before the platform is asked, so that nobody can come by a token that we do not know. */
export async function insertInvite(tx: Tx, invite: NewInvite): Promise<string> {
  const [row] = await tx.query<{ wecom_invite_id: string }>(
    `insert into wecom_invite (provider_account_id, borrower_id, case_id, token, way, userid, made_at)
     values ($1, $2, $3, $4, $5, $6, $7) returning wecom_invite_id`,
    [
      invite.accountId,
      invite.borrowerId,
      invite.caseId,
      invite.token,
      invite.way,
      invite.userid,
      formatInstant(invite.at),
    ],
  )
  return row?.wecom_invite_id ?? never()
}

export async function completeInvite(
  tx: Tx,
  inviteId: string,
  made: { readonly url: string; readonly configId: string | null },
): Promise<void> {
  await tx.run('update wecom_invite set url = $2, config_id = $3 where wecom_invite_id = $1', [
    inviteId,
    made.url,
    made.configId,
  ])
}

/** The borrower and portfolio of an open case. */
export async function findOpenCase(
  tx: Tx,
  caseId: string,
): Promise<{ readonly borrowerId: string } | null> {
  const [row] = await tx.query<{ borrower_id: string }>(
    `select borrower_id from collection_case where case_id = $1 and state = 'open'`,
    [caseId],
  )
  return row === undefined ? null : { borrowerId: row.borrower_id }
}

function never(): never {
  throw new Error('insert … returning gave no row')
}
