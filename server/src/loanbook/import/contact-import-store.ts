import type { Tx } from '../../platform/db/index.ts'
import { TELL_POINTS, takeLines } from './stage-json.ts'

const STAGED = `staging_row s join borrower b on b.lender = $1 and b.borrower_no = s.data->>'borrower_no'`

export async function takeUnknownBorrowers(tx: Tx, lender: string): Promise<{ line: string }[]> {
  await tx.run('analyze staging_row')
  return takeLines(
    tx,
    `select x.line from staging_row x where not exists (
       select 1 from borrower b where b.lender = $1 and b.borrower_no = x.data->>'borrower_no')`,
    [lender],
  )
}

/** Parties, their points, and the consents stated beside them. */
export async function applyContacts(
  tx: Tx,
  lender: string,
  { at }: { at: string },
): Promise<{ created: number; changed: number; unchanged: number }> {
  const [staged] = await tx.query<{ count: string }>('select count(*) from staging_row')
  await tx.run(
    `insert into party (borrower_id, relation, sealed, person_hash)
     select distinct on (b.borrower_id, s.data->>'relation', s.data->>'person_hash') b.borrower_id, s.data->>'relation',
       decode(s.data->>'person_sealed', 'hex'), decode(s.data->>'person_hash', 'hex')
     from ${STAGED} where s.data->>'relation' <> 'borrower'
     on conflict (borrower_id, relation, person_hash) do nothing`,
    [lender],
  )
  const points = `${STAGED} left join party p on p.borrower_id = b.borrower_id and p.relation = s.data->>'relation'
    and p.person_hash = decode(s.data->>'person_hash', 'hex')`
  const changed = await tx.run(
    `update contact_point c set source = coalesce(n.source, c.source), is_work = coalesce(n.is_work, c.is_work),
       zones = coalesce(n.zones, c.zones)
     from (${oneOfEach(points)}) n
     where c.borrower_id = n.borrower_id and c.kind = n.kind and c.value_hash = n.value_hash
       and coalesce(c.party_id, 0) = coalesce(n.party_id, 0)
       and (n.source <> c.source or n.is_work <> c.is_work
         or (n.zones is not null and n.zones is distinct from c.zones))`,
    [lender],
  )
  const created = await tx.run(
    `with added as (insert into contact_point (borrower_id, party_id, kind, sealed, value_hash, masked, source, is_work, zones)
     select borrower_id, party_id, kind, sealed, value_hash, masked, coalesce(source, 'unknown'), coalesce(is_work, false), zones
     from (${oneOfEach(points)}) n order by borrower_id
     on conflict (borrower_id, kind, value_hash, coalesce(party_id, 0)) do nothing
     returning borrower_id, contact_point_id, kind, health)
     ${TELL_POINTS('$2')}`,
    [lender, at],
  )
  await tx.run(
    `insert into consent (borrower_id, party_id, kind, from_at)
     select distinct b.borrower_id, p.party_id, s.data->>'consent', $2::timestamptz
     from ${points} where s.data->>'consent' is not null and not exists (
       select 1 from consent c where c.borrower_id = b.borrower_id and c.party_id is not distinct from p.party_id
         and c.kind = s.data->>'consent' and c.to_at is null)`,
    [lender, at],
  )
  return { created, changed, unchanged: Number(staged?.count ?? 0) - created - changed }
}

/** One row a point; of rows that differ always the same one, whatever the order of the file. */
function oneOfEach(points: string): string {
  return `select distinct on (b.borrower_id, s.data->>'kind', s.data->>'hash', p.party_id) b.borrower_id, p.party_id,
     s.data->>'kind' as kind, decode(s.data->>'sealed', 'hex') as sealed, decode(s.data->>'hash', 'hex') as value_hash,
     s.data->>'masked' as masked, s.data->>'source' as source, (s.data->>'is_work')::boolean as is_work,
     case when s.data->>'zone' is not null then array[s.data->>'zone'] end as zones
   from ${points}
   order by b.borrower_id, s.data->>'kind', s.data->>'hash', p.party_id, s.data->>'source', s.data->>'is_work', s.data->>'zone'`
}

export async function applyConsents(
  tx: Tx,
  lender: string,
): Promise<{ created: number; changed: number; unchanged: number }> {
  const [staged] = await tx.query<{ count: string }>('select count(*) from staging_row')
  const created = await tx.run(
    `insert into consent (borrower_id, kind, channel, from_at, to_at, given_to, evidence)
     select distinct b.borrower_id, s.data->>'kind', s.data->>'channel', (s.data->>'from')::timestamptz,
       (s.data->>'to')::timestamptz, s.data->>'given_to', s.data->>'evidence'
     from ${STAGED} where not exists (
       select 1 from consent c where c.borrower_id = b.borrower_id and c.party_id is null and c.kind = s.data->>'kind'
         and c.channel is not distinct from s.data->>'channel'
         and c.from_at is not distinct from (s.data->>'from')::timestamptz
         and c.to_at is not distinct from (s.data->>'to')::timestamptz)`,
    [lender],
  )
  return { created, changed: 0, unchanged: Number(staged?.count ?? 0) - created }
}

/** Past contacts become recorded attempts: the gate counts them like our own. */
export async function applyHistory(
  tx: Tx,
  lender: string,
  portfolioId: string,
): Promise<{ created: number; changed: number; unchanged: number }> {
  const [staged] = await tx.query<{
    count: string
    from_on: string | null
    until_on: string | null
  }>(
    `select count(*), min((data->>'on')::date)::text as from_on, max((data->>'on')::date)::text as until_on from staging_row`,
  )
  if (staged === undefined || staged.from_on === null || staged.until_on === null) {
    return { created: 0, changed: 0, unchanged: 0 }
  }
  await tx.run(`select ensure_month_partitions('attempt', $1::date, $2::date)`, [
    staged.from_on,
    staged.until_on,
  ])
  const created = await tx.run(
    `insert into attempt (borrower_id, created_on, portfolio_id, contact_point_id, party_id, channel, direction, purpose,
       state, at, line, is_effective, actor_kind)
     select distinct b.borrower_id, (s.data->>'on')::date, $2::bigint, c.contact_point_id, c.party_id, s.data->>'channel',
       s.data->>'direction', 'collect', case s.data->>'direction' when 'inbound' then 'received' else 'recorded' end,
       (s.data->>'at')::timestamptz, s.data->>'line', (s.data->>'effective')::boolean, s.data->>'actor'
     from ${STAGED} left join lateral (
       select contact_point_id, party_id from contact_point p where p.borrower_id = b.borrower_id
         and p.value_hash = decode(s.data->>'point_hash', 'hex') order by party_id nulls first limit 1) c on true
     where not exists (select 1 from attempt a where a.borrower_id = b.borrower_id and a.at = (s.data->>'at')::timestamptz
       and a.created_on = (s.data->>'on')::date and a.channel = s.data->>'channel' and a.direction = s.data->>'direction')`,
    [lender, portfolioId],
  )
  return { created, changed: 0, unchanged: Number(staged.count) - created }
}
