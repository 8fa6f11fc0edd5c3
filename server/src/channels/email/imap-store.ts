import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'

/** Where a mail lies: a UID says which one as long as the folder's UIDVALIDITY stands (RFC 9051 2.3.1.1). */
export type MailPlace = {
  readonly accountId: string
  readonly folder: string
  readonly uidValidity: bigint
  readonly uid: number
}

const PLACE = 'provider_account_id = $1 and folder = $2 and uid_validity = $3 and uid = any($4)'

/** Notes that a mail is about to be read. How often that was begun without an end, this time included. */
export async function beginMail(db: Database, place: MailPlace, at: Instant): Promise<number> {
  const rows = await db.query<{ begun: number }>(
    `insert into imap_mail (provider_account_id, folder, uid_validity, uid, begun, seen_at)
     values ($1, $2, $3, $4, 1, $5)
     on conflict (provider_account_id, folder, uid_validity, uid) do update set begun = imap_mail.begun + 1
     returning begun`,
    [place.accountId, place.folder, place.uidValidity, place.uid, formatInstant(at)],
  )
  return rows[0]?.begun ?? 1
}

/** A mail that could not be stored for now: it was no crash, so the next try begins anew. */
export async function putMailBack(db: Database, place: MailPlace): Promise<void> {
  await db.run(`update imap_mail set begun = 0 where ${PLACE}`, [
    ...[place.accountId, place.folder, place.uidValidity],
    [place.uid],
  ])
}

/** Notes that a mail is stored: from now on it is only marked in its mailbox, never read again. */
export async function noteMailTaken(db: Database, place: MailPlace, at: Instant): Promise<void> {
  await db.run(`update imap_mail set taken_at = $5 where ${PLACE}`, [
    ...[place.accountId, place.folder, place.uidValidity],
    [place.uid],
    formatInstant(at),
  ])
}

export type Folder = Omit<MailPlace, 'uid'>

/** Which of some mails are stored already, though their mailbox does not show it. */
export async function listMailTaken(
  db: Database,
  folder: Folder,
  uids: readonly number[],
): Promise<ReadonlySet<number>> {
  const rows = await db.query<{ uid: string }>(
    `select uid from imap_mail where ${PLACE} and taken_at is not null`,
    [folder.accountId, folder.folder, folder.uidValidity, [...uids]],
  )
  return new Set(rows.map(({ uid }) => Number(uid)))
}

/**
 * Forgets the stored mails that a search of the folder does not find any more: the mailbox shows them as taken.
 * What was begun before `before` and vanished, or lay there under another UIDVALIDITY, goes too.
 */
export async function forgetMail(
  db: Database,
  folder: Folder,
  { found, before }: { readonly found: readonly number[]; readonly before: Instant },
): Promise<void> {
  await db.run(
    `delete from imap_mail where provider_account_id = $1 and folder = $2
       and (taken_at is not null or seen_at < $5) and (uid_validity <> $3 or uid <> all($4))`,
    [folder.accountId, folder.folder, folder.uidValidity, [...found], formatInstant(before)],
  )
}
