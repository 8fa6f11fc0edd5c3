import { formatInstant, type Instant, instant } from '@dunlin/kernel'
import type { Database, Sql, Tx } from '../../platform/db/index.ts'

export type NewTask = {
  readonly permitId: string
  readonly accountId: string
  readonly borrowerId: string
  readonly sender: string
  readonly sealedReceiver: Uint8Array
  readonly madeAt: Instant
  readonly confirmUntil: Instant
}

/** Notes a task before it is asked for, so that a crash leaves a trace of it. */
export async function insertTask(db: Database, task: NewTask): Promise<void> {
  await db.run(
    `insert into wecom_task (permit_id, provider_account_id, borrower_id, sender, sealed_receiver, state, made_at, confirm_until)
     values ($1, $2, $3, $4, $5, 'asking', $6, $7)`,
    [
      task.permitId,
      task.accountId,
      task.borrowerId,
      task.sender,
      task.sealedReceiver,
      formatInstant(task.madeAt),
      formatInstant(task.confirmUntil),
    ],
  )
}

export async function noteTaskMade(db: Database, permitId: string, msgid: string): Promise<void> {
  await db.run(
    `update wecom_task set state = 'waiting', msgid = $2 where permit_id = $1 and state = 'asking'`,
    [permitId, msgid],
  )
}

export type TaskEnd = 'sent' | 'withdrawn' | 'failed'

export async function endTask(db: Sql, permitId: string, state: TaskEnd): Promise<void> {
  await db.run(
    `update wecom_task set state = $2 where permit_id = $1 and state in ('asking', 'waiting')`,
    [permitId, state],
  )
}

export type OpenTask = {
  readonly permitId: string
  readonly msgid: string
  readonly sender: string
  readonly sealedReceiver: Buffer
  /** Its time is over, or somebody said that it is no longer wanted. */
  readonly isToWithdraw: boolean
}

/** Tasks that wait for their member: those to be withdrawn first, then those not looked at for longest. */
export async function listOpenTasks(
  db: Database,
  { accountId, at, limit }: { accountId: string; at: Instant; limit: number },
): Promise<readonly OpenTask[]> {
  const rows = await db.query<{
    permit_id: string
    msgid: string
    sender: string
    sealed_receiver: Buffer
    is_to_withdraw: boolean
  }>(
    `update wecom_task t set looked_at = $2 from (
       select permit_id, (withdraw_because is not null or confirm_until <= $2) as is_to_withdraw
       from wecom_task where provider_account_id = $1 and state = 'waiting'
       order by (withdraw_because is not null or confirm_until <= $2) desc, looked_at nulls first limit $3
       for update skip locked) o
     where t.permit_id = o.permit_id
     returning t.permit_id, t.msgid, t.sender, t.sealed_receiver, o.is_to_withdraw`,
    [accountId, formatInstant(at), limit],
  )
  return rows.map((row) => ({
    permitId: row.permit_id,
    msgid: row.msgid,
    sender: row.sender,
    sealedReceiver: row.sealed_receiver,
    isToWithdraw: row.is_to_withdraw,
  }))
}

export type LostTask = Omit<OpenTask, 'msgid' | 'isToWithdraw'> & { readonly madeAt: Instant }

/** Tasks that were asked for and never answered, since before `before`. */
export async function listLostTasks(
  db: Database,
  { accountId, before, limit }: { accountId: string; before: Instant; limit: number },
): Promise<readonly LostTask[]> {
  const rows = await db.query<{
    permit_id: string
    sender: string
    sealed_receiver: Buffer
    made_ms: string
  }>(
    `select permit_id, sender, sealed_receiver, (extract(epoch from made_at) * 1000)::bigint as made_ms
     from wecom_task where provider_account_id = $1 and state = 'asking' and made_at < $2
     order by made_at limit $3`,
    [accountId, formatInstant(before), limit],
  )
  return rows.map((row) => ({
    permitId: row.permit_id,
    sender: row.sender,
    sealedReceiver: row.sealed_receiver,
    madeAt: instant(Number(row.made_ms)),
  }))
}

/** Which of the vendor's ids no task of ours bears. */
export async function listUnknownTasks(
  db: Database,
  msgids: readonly string[],
): Promise<readonly string[]> {
  const rows = await db.query<{ msgid: string }>(
    `select m as msgid from unnest($1::text[]) as m
     where not exists (select 1 from wecom_task t where t.msgid = m)`,
    [msgids],
  )
  return rows.map(({ msgid }) => msgid)
}

/** A lost task that was found: it is taken back, since its answer never came. */
export async function noteTaskFound(db: Database, permitId: string, msgid: string): Promise<void> {
  await db.run(
    `update wecom_task set state = 'waiting', msgid = $2, withdraw_because = 'lost'
     where permit_id = $1 and state = 'asking'`,
    [permitId, msgid],
  )
}

/** Marks the waiting tasks of borrowers as unwanted, in the transaction of what made them so. */
export async function markUnwanted(
  tx: Tx,
  borrowerIds: readonly string[],
  because: string,
): Promise<number> {
  return tx.run(
    `update wecom_task set withdraw_because = $2
     where borrower_id = any($1::bigint[]) and state in ('asking', 'waiting') and withdraw_because is null`,
    [borrowerIds, because],
  )
}

/** Takes a welcome code that still lives; it serves once, so it is gone afterwards. */
export async function takeWelcomeCode(
  db: Database,
  { borrowerId, pointHash, at }: { borrowerId: string; pointHash: Uint8Array; at: Instant },
): Promise<Buffer | null> {
  return db.transaction(async (tx) => {
    const rows = await tx.query<{ contact_point_id: string; sealed_welcome_code: Buffer }>(
      `select w.contact_point_id, w.sealed_welcome_code from wecom_contact w
       join contact_point p on p.borrower_id = w.borrower_id and p.contact_point_id = w.contact_point_id
       where w.borrower_id = $1 and p.kind = 'wecom' and p.value_hash = $2
         and w.sealed_welcome_code is not null and w.welcome_until > $3 and w.removed_at is null
       for update of w`,
      [borrowerId, pointHash, formatInstant(at)],
    )
    const [row] = rows
    if (row === undefined) return null
    await tx.run(
      `update wecom_contact set sealed_welcome_code = null
       where borrower_id = $1 and contact_point_id = $2`,
      [borrowerId, row.contact_point_id],
    )
    return row.sealed_welcome_code
  })
}
