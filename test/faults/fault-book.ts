import { formatInstant, type Instant, instant } from '@dunlin/kernel'
import type { Database } from '../../server/src/platform/db/index.ts'
import { createTestSealer } from '../../server/src/platform/seal/index.ts'

/** Noon in Chicago: the hours of the pack are wide open, and its day ends eleven hours later. */
export const NOON: Instant = instant(Date.UTC(2026, 5, 1, 17))
/** `test-us.sms.daily`: what one person may get in a day. */
export const CAP = 3
const BORROWERS_MAX = 80_000
const FIRST_AREA = 200

/** The nth made-up number: 555-01xx of every area code, which belong to nobody. */
function phoneOf(n: number): string {
  return `+1${FIRST_AREA + Math.floor(n / 100)}55501${String(n % 100).padStart(2, '0')}`
}

export async function aUsPortfolio(db: Database): Promise<void> {
  for (const table of ['attempt', 'decision', 'decision_payload']) {
    await db.run(`select ensure_month_partitions($1::regclass, '2026-04-01', '2026-07-31')`, [
      table,
    ])
  }
  await db.run(
    `insert into portfolio (name, lender, country, currency, zones, packs, collector_role, strategy, contact_line, complaint_line)
     values ('faults', 'Demo Lending', 'US', 'USD', '{America/Chicago}', '{test-us-hours-caps}', 'debt-collector', 'us-test',
       '800-555-0100', '800-555-0101')`,
  )
  await db.run(
    `insert into provider_account (name, channel, adapter, collection_content) values ('smsc', 'sms', 'smpp', true)`,
  )
}

/** Borrowers with an overdue loan, an open case, one phone and so many text messages due since NOON. */
export async function addBorrowers(
  db: Database,
  { count, attemptsEach }: { count: number; attemptsEach: number },
): Promise<void> {
  const sealer = createTestSealer()
  const [found] = await db.query<{ last: number }>(
    'select coalesce(max(borrower_id), 0)::integer as last from borrower',
  )
  const first = (found?.last ?? 0) + 1
  if (first + count > BORROWERS_MAX) throw new Error('no made-up numbers are left')
  const phones = Array.from({ length: count }, (_, index) => phoneOf(first + index))
  const given = [first, count]
  await db.transaction(async (tx) => {
    await tx.run(
      `insert into borrower (borrower_id, lender, borrower_no, sealed, key_salt, person_hash, country, zones, language)
       overriding system value select n, 'Demo Lending', n, '', decode(md5(n::text), 'hex'), '', 'US', '{America/Chicago}', 'en'
       from generate_series($1::integer, $1 + $2::integer - 1) n`,
      given,
    )
    await tx.run(
      `insert into contact_point (borrower_id, kind, sealed, value_hash, masked, source)
       select $1::integer + n - 1, 'phone', sealed, hash, '***', 'contract'
       from unnest($2::bytea[], $3::bytea[]) with ordinality as t(sealed, hash, n)`,
      [
        first,
        phones.map((phone) => sealer.seal(phone)),
        phones.map((phone) => sealer.hash('phone', phone)),
      ],
    )
    await tx.run(
      `insert into loan (borrower_id, portfolio_id, loan_no, currency, status, ages_from_on, oldest_unpaid_due_on,
         arrears_principal_minor, outstanding_minor, needs_sync)
       select n, 1, 'L' || n, 'USD', 'overdue', '2026-05-20', '2026-05-20', 12345, 99999, false
       from generate_series($1::integer, $1 + $2::integer - 1) n`,
      given,
    )
    await tx.run(
      `insert into collection_case (borrower_id, portfolio_id, lender, currency, state, opened_on, ages_from_on, arrears_minor)
       select n, 1, 'Demo Lending', 'USD', 'open', '2026-05-21', '2026-05-20', 12345
       from generate_series($1::integer, $1 + $2::integer - 1) n`,
      given,
    )
    await planAttempts(tx, { first, count, attemptsEach })
  })
}

/** Half of the people have their messages due side by side, the other half in turns: both must be told apart. */
async function planAttempts(
  tx: Pick<Database, 'run'>,
  { first, count, attemptsEach }: { first: number; count: number; attemptsEach: number },
): Promise<void> {
  await tx.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose,
       template, step, state, due_at, actor_kind)
     select c.borrower_id, $4::timestamptz::date, c.case_id, 1, p.contact_point_id, 'sms', 'outbound', 'collect',
       'us-reminder-sms', 's' || k, 'planned', $4::timestamptz
         + case when c.borrower_id % 2 = 0 then k else c.borrower_id % 1000 end * interval '1 millisecond', 'robot'
     from generate_series(1, $3::integer) k cross join collection_case c join contact_point p using (borrower_id)
     where c.borrower_id >= $1 and c.borrower_id < $1 + $2 order by c.borrower_id, k`,
    [first, count, attemptsEach, formatInstant(instant(NOON - 1000))],
  )
}

/** Attempts still to be decided on the day of NOON. */
export async function dueCount(db: Database): Promise<number> {
  const [row] = await db.query<{ count: number }>(
    `select count(*)::integer from attempt where state = 'planned' and due_at < '2026-06-02T00:00Z'`,
  )
  return row?.count ?? 0
}
