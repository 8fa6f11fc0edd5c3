import type { Database } from '../../platform/db/index.ts'

// Counts of the board.

export async function readStages(
  db: Database,
): Promise<{ stage: string; cases: number; arrearsMinor: number }[]> {
  const rows = await db.query<{ stage: string; cases: string; arrears: string }>(
    `select coalesce(noted_stage, '–') as stage, count(*) as cases, sum(arrears_minor)::bigint as arrears
     from collection_case where state = 'open' group by 1 order by min(coalesce(ages_from_on, '9999-01-01')) desc`,
  )
  return rows.map(({ stage, cases, arrears }) => ({
    stage,
    cases: Number(cases),
    arrearsMinor: Number(arrears),
  }))
}

export async function readTotals(
  db: Database,
): Promise<{ borrowers: number; loans: number; open: number; outstandingMinor: number }> {
  const [row] = await db.query<{ borrowers: string; loans: string; open: string; owed: string }>(
    `select (select count(*) from borrower) as borrowers, count(*) as loans,
       (select count(*) from collection_case where state = 'open') as open,
       coalesce(sum(outstanding_minor), 0)::bigint as owed from loan`,
  )
  return {
    borrowers: Number(row?.borrowers ?? 0),
    loans: Number(row?.loans ?? 0),
    open: Number(row?.open ?? 0),
    outstandingMinor: Number(row?.owed ?? 0),
  }
}

type Verdict = { verdict: 'permit' | 'defer' | 'refuse'; rule: string | null; count: number }

/** The gate's verdicts since an instant, those that do not permit by their first rule. */
export async function readVerdicts(db: Database, since: string): Promise<Verdict[]> {
  return db.query(
    `select verdict, case when verdict = 'permit' then null else rules[1] end as rule, count(*)::integer as count
     from decision where decided_at >= $1 and decided_on >= $1::timestamptz::date group by 1, 2 order by 1, 3 desc`,
    [since],
  )
}

/** What became of contacts since an instant, and what of the last week still waits. */
export async function readChannels(
  db: Database,
  since: string,
): Promise<{ channel: string; state: string; count: number }[]> {
  return db.query(
    `select channel, coalesce(line, state) as state, count(*)::integer as count from attempt
     where at >= $1 or (state = 'planned' and created_on >= $1::timestamptz::date - 7) group by 1, 2 order by 1, 2`,
    [since],
  )
}
