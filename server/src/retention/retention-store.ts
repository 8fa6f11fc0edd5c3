import { type EpochDay, epochDay, formatLocalDate, required } from '@dunlin/kernel'
import type { Sql, Tx } from '../platform/db/index.ts'
import { ERASED } from './erasable-columns.ts'
import type { ErasureFacts } from './model/decide-erasure.ts'

// SQL of the deletion of a person's data.

export type Erasure = {
  readonly id: string
  readonly borrowerId: string
  readonly borrowerNo: string
  readonly askedBy: string
  readonly askedAt: string
  readonly earliestOn: string
  readonly state: 'waiting' | 'done' | 'refused'
  readonly decidedBy: string | null
  readonly decidedAt: string | null
  readonly reason: string | null
}

const ERASURE = `e.erasure_id as id, e.borrower_id as "borrowerId", b.borrower_no as "borrowerNo", e.asked_by as "askedBy",
  e.asked_at as "askedAt", e.earliest_on as "earliestOn", e.state, e.decided_by as "decidedBy", e.decided_at as "decidedAt",
  e.reason from erasure e join borrower b using (borrower_id)`

/** Wishes: those that wait with the earliest first, those decided with the latest first; all in the first order. */
export async function listErasures(
  sql: Sql,
  { state, limit }: { state: Erasure['state'] | null; limit: number },
): Promise<Erasure[]> {
  return sql.query(
    `select ${ERASURE} where $1::text is null or e.state = $1
     order by case when $1 in ('done', 'refused') then e.decided_at end desc, e.earliest_on, e.erasure_id limit $2`,
    [state, limit],
  )
}

export async function findErasure(sql: Sql, erasureId: string): Promise<Erasure | null> {
  const [row] = await sql.query<Erasure>(`select ${ERASURE} where e.erasure_id = $1`, [erasureId])
  return row ?? null
}

/** Keeps a wish; the id of the one that waits already when there is one. */
export async function insertErasure(
  tx: Tx,
  given: { borrowerId: string; by: string; at: string; earliestOn: EpochDay },
): Promise<string> {
  await tx.run(
    `insert into erasure (borrower_id, asked_by, asked_at, earliest_on, state) values ($1, $2, $3, $4, 'waiting')
     on conflict (borrower_id) where state = 'waiting' do nothing`,
    [given.borrowerId, given.by, given.at, formatLocalDate(given.earliestOn)],
  )
  const [row] = await tx.query<{ erasure_id: string }>(
    `select erasure_id from erasure where borrower_id = $1 and state = 'waiting'`,
    [given.borrowerId],
  )
  return required(row, 'erasure').erasure_id
}

export async function updateErasure(
  tx: Tx,
  given: {
    id: string
    borrowerId: string
    state: 'done' | 'refused'
    by: string
    at: string
    reason: string
  },
): Promise<void> {
  await tx.run(
    `update erasure set state = $3, decided_by = $4, decided_at = $5, reason = $6 where borrower_id = $1 and erasure_id = $2`,
    [given.borrowerId, given.id, given.state, given.by, given.at, given.reason],
  )
}

const FACTS = `
  select b.borrower_id, (select max(p.zones[1]) from loan l join portfolio p using (portfolio_id)
      where l.borrower_id = b.borrower_id) as zone,
    coalesce((select sum(outstanding_minor) from loan l where l.borrower_id = b.borrower_id), 0)::text as outstanding_minor,
    (select count(*) from collection_case c where c.borrower_id = b.borrower_id and c.state = 'open')::int as open_cases,
    (select count(*) from matter m where m.borrower_id = b.borrower_id and m.state in ('open', 'appealed'))::int as open_matters,
    greatest(
      (select max(coalesce(e.effective_on, e.recorded_at::date)) from ledger_event e where e.borrower_id = b.borrower_id),
      (select max(a.at)::date from attempt a where a.borrower_id = b.borrower_id),
      (select max(m.received_on) from message m where m.borrower_id = b.borrower_id),
      (select max(c.closed_on) from collection_case c where c.borrower_id = b.borrower_id), date '1970-01-01')
      - date '1970-01-01' as last_day,
    coalesce((select max(p.retention_years) from loan l join portfolio p using (portfolio_id)
      where l.borrower_id = b.borrower_id), 5) as retention_years
  from borrower b`

type FactRow = {
  borrower_id: string
  zone: string | null
  outstanding_minor: string
  open_cases: number
  open_matters: number
  last_day: number
  retention_years: number
}
export type PersonFacts = ErasureFacts & { readonly borrowerId: string; readonly zone: string }

/** What bears on the deletion of a person, who is not deleted yet; null when there is none. */
export async function findFacts(sql: Sql, borrowerId: string): Promise<PersonFacts | null> {
  const [found] = await listFacts(sql, [borrowerId])
  return found ?? null
}

/** The same of several people, by their ids; those who were deleted are absent. */
export async function listFacts(sql: Sql, borrowerIds: readonly string[]): Promise<PersonFacts[]> {
  const rows = await sql.query<FactRow>(
    `${FACTS} where b.borrower_id = any($1::bigint[]) and b.erased_at is null`,
    [borrowerIds],
  )
  return rows.map(fromRow)
}

/** The same of people who owe nothing, after a place in their order: those whose term may be over. */
export async function listSettled(
  sql: Sql,
  { after, limit }: { after: string; limit: number },
): Promise<PersonFacts[]> {
  const rows = await sql.query<FactRow>(
    `${FACTS} where b.borrower_id > $1 and b.erased_at is null
       and not exists (select 1 from loan l where l.borrower_id = b.borrower_id and l.outstanding_minor > 0)
       and not exists (select 1 from erasure e where e.borrower_id = b.borrower_id and e.state = 'waiting')
     order by b.borrower_id limit $2`,
    [after, limit],
  )
  return rows.map(fromRow)
}

function fromRow(row: FactRow): PersonFacts {
  return {
    borrowerId: row.borrower_id,
    zone: row.zone ?? 'Asia/Shanghai',
    outstandingMinor: BigInt(row.outstanding_minor),
    openCases: row.open_cases,
    openMatters: row.open_matters,
    lastOn: epochDay(row.last_day),
    retentionYears: row.retention_years,
  }
}

/** Tables kept by borrower whose rows hold sealed bytes, with the columns. */
const SEALED = `
  select c.table_name as name, array_agg(c.column_name::text) as columns
  from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
  where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.udt_name = 'bytea' and c.column_name like 'sealed%'
    and exists (select 1 from information_schema.columns b where b.table_schema = 'public'
      and b.table_name = c.table_name and b.column_name = 'borrower_id')
    and not exists (select 1 from pg_inherits i where i.inhrelid = format('%I', c.table_name)::regclass)
  group by c.table_name order by c.table_name`

/**
 * Empties everything of a person; `nobody` is what stands sealed in a person's place. Names of tables and columns come
 * from the catalogue and from code, never from outside.
 */
export async function eraseRows(
  tx: Tx,
  { borrowerId, at, nobody }: { borrowerId: string; at: string; nobody: Buffer },
): Promise<void> {
  await tx.run('delete from decision_payload where borrower_id = $1', [borrowerId])
  for (const { name, columns } of await tx.query<{ name: string; columns: string[] }>(SEALED)) {
    // A column that was empty stays so: rows that never change may only lose something.
    const set = columns.map(
      (column) => `${column} = case when ${column} is null then null else ''::bytea end`,
    )
    await tx.run(`update ${name} set ${set.join(', ')} where borrower_id = $1`, [borrowerId])
  }
  for (const [name, columns] of Object.entries(ERASED)) {
    const set = Object.entries(columns).map(([column, value]) => `${column} = ${value}`)
    await tx.run(`update ${name} set ${set.join(', ')} where borrower_id = $1`, [borrowerId])
  }
  await tx.run('update party set sealed = $2 where borrower_id = $1', [borrowerId, nobody])
  await tx.run('update borrower set sealed = $2, erased_at = $3 where borrower_id = $1', [
    borrowerId,
    nobody,
    at,
  ])
}

/** Raw deliveries of providers that were worked off before an instant; how many went. */
export async function deleteRaw(tx: Tx, before: string): Promise<number> {
  let gone = 0
  for (const table of ['inbound_raw', 'provider_callback', 'payment_callback'])
    gone += await tx.run(`delete from ${table} where processed_at < $1`, [before])
  return gone
}
