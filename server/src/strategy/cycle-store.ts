import { type EpochDay, epochDay, formatLocalDate, required } from '@dunlin/kernel'
import type { Database, Sql, Tx } from '../platform/db/index.ts'
import type { CaseFacts } from './model/next-step.ts'

// SQL of the daily cycle. Cases are read and written by the ten thousand, in columns.

export type DueCase = {
  readonly borrowerId: string
  readonly caseId: string
  readonly portfolioId: string
  /** The day its step was due: with the borrower, its place in the order of claims. */
  readonly dueOn: EpochDay
  readonly zone: string
  readonly notedStage: string | null
  readonly facts: CaseFacts
}

/** Facts of cases; days come as numbers since 1970, so that nothing is parsed for a million rows. */
const FACTS_OF = (cases: string): string => `
  select c.borrower_id, c.case_id, c.portfolio_id, b.zones[1], c.noted_stage, c.ages_from_on - date '1970-01-01',
    c.held_dpd, c.next_due_on - date '1970-01-01', c.arrears_minor::float8 / 100, c.next_due_minor::float8 / 100, b.language,
    c.last_step_on - date '1970-01-01', pr.due_on - date '1970-01-01', pr.state, o.talk_outcome,
    o.recorded_at::date - date '1970-01-01', c.next_step_on - date '1970-01-01'
  from (${cases}) c
  join lateral (select zones, language from borrower x where x.borrower_id = c.borrower_id limit 1) b on true
  left join lateral (select due_on, state from promise p where p.borrower_id = c.borrower_id and p.case_id = c.case_id
    order by promise_id desc limit 1) pr on true
  left join lateral (select talk_outcome, recorded_at from outcome x where x.borrower_id = c.borrower_id
    and talk_outcome is not null order by outcome_id desc limit 1) o on true`

const DUE = FACTS_OF(`
  select * from collection_case where state = 'open' and next_step_on <= $1 and ($6::bigint[] is null or portfolio_id = any($6))
    and (next_step_on, borrower_id, case_id) > ($3, $4, $5)
  order by next_step_on, borrower_id, case_id limit $2 for update skip locked`)

const OPEN = FACTS_OF(`
  select * from collection_case where state = 'open' and portfolio_id = any($1) order by borrower_id, case_id limit $2`)

/** Open cases of these portfolios, due or not, in the order of their borrowers. */
export async function listOpenCases(
  tx: Tx,
  { asOf, portfolioIds, limit }: { asOf: EpochDay; portfolioIds: readonly string[]; limit: number },
): Promise<DueCase[]> {
  const rows = await tx.rows(OPEN, [portfolioIds, limit])
  return rows.map((row) => toDueCase(row, asOf))
}

/** Open cases whose next step is due, locked, from `after` on in their order; others' locks are stepped over. */
export async function claimDueCases(
  tx: Tx,
  asOf: EpochDay,
  {
    after,
    limit,
    portfolioIds,
  }: { after: DueCase | null; limit: number; portfolioIds: readonly string[] | null },
): Promise<DueCase[]> {
  const place =
    after === null
      ? ['-infinity', '0', '0']
      : [formatLocalDate(after.dueOn), after.borrowerId, after.caseId]
  const rows = await tx.rows(DUE, [formatLocalDate(asOf), limit, ...place, portfolioIds])
  return rows.map((row) => toDueCase(row, asOf))
}

/** A case that nothing is planned for yet counts as due today. */
function toDueCase(row: readonly unknown[], asOf: EpochDay): DueCase {
  return {
    borrowerId: String(row[0]),
    caseId: String(row[1]),
    portfolioId: String(row[2]),
    dueOn: dayOrNull(row[16]) ?? asOf,
    zone: String(row[3]),
    notedStage: textOrNull(row[4]),
    facts: {
      agesFromOn: dayOrNull(row[5]),
      heldDpd: typeof row[6] === 'number' ? row[6] : null,
      nextDueOn: dayOrNull(row[7]),
      arrears: Number(row[8]),
      due: Number(row[9]),
      language: String(row[10]),
      lastStepOn: dayOrNull(row[11]),
      promise: promiseOf(row[12], row[13]),
      outcome: outcomeOf(row[14], row[15]),
    },
  }
}

function dayOrNull(value: unknown): EpochDay | null {
  return typeof value === 'number' ? epochDay(value) : null
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function promiseOf(on: unknown, state: unknown): CaseFacts['promise'] {
  const dueOn = dayOrNull(on)
  return dueOn === null ? null : { dueOn, state: String(state) }
}

function outcomeOf(code: unknown, on: unknown): CaseFacts['outcome'] {
  const day = dayOrNull(on)
  return day === null ? null : { code: String(code), on: day }
}

export type CaseUpdate = {
  readonly borrowerId: string
  readonly caseId: string
  readonly stage: string | null
  readonly lastStep: string | null
  readonly nextStep: string | null
  readonly nextStepOn: EpochDay | null
}

/** Stores what was planned. A case that closed meanwhile is left alone. */
export async function updateCases(
  tx: Tx,
  updates: readonly CaseUpdate[],
  { versionId, asOf }: { versionId: string; asOf: EpochDay },
): Promise<void> {
  await tx.run(
    `update collection_case c set noted_stage = u.stage, strategy_version_id = $7, next_step = u.next_step,
       next_step_on = u.next_step_on, last_step = coalesce(u.last_step, c.last_step),
       last_step_on = case when u.last_step is null then c.last_step_on else $8::date end
     from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::date[])
       as u(borrower_id, case_id, stage, last_step, next_step, next_step_on)
     where c.borrower_id = u.borrower_id and c.case_id = u.case_id and c.state = 'open'`,
    [
      updates.map((update) => update.borrowerId),
      updates.map((update) => update.caseId),
      updates.map((update) => update.stage),
      updates.map((update) => update.lastStep),
      updates.map((update) => update.nextStep),
      updates.map(({ nextStepOn }) => (nextStepOn === null ? null : formatLocalDate(nextStepOn))),
      versionId,
      formatLocalDate(asOf),
    ],
  )
}

export type PlannedAttempt = {
  readonly borrowerId: string
  readonly caseId: string
  readonly portfolioId: string
  readonly channel: string
  readonly template: string
  readonly step: string
  readonly dueAt: string
}

/** Materialises attempts at the borrower's best contact point of the right kind; without one there is none. */
export async function insertPlanned(
  tx: Tx,
  attempts: readonly PlannedAttempt[],
  asOf: EpochDay,
): Promise<number> {
  if (attempts.length === 0) return 0
  return tx.run(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, contact_point_id, channel, direction, purpose,
       template, step, state, due_at, actor_kind)
     select u.borrower_id, $8::date, u.case_id, u.portfolio_id, p.contact_point_id, u.channel, 'outbound', 'collect',
       u.template, u.step, 'planned', u.due_at, 'robot'
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
       as u(borrower_id, case_id, portfolio_id, channel, template, step, due_at)
     join lateral (select contact_point_id from contact_point cp
       where cp.borrower_id = u.borrower_id and cp.party_id is null
         and cp.kind = case u.channel when 'sms' then 'phone' when 'robot-call' then 'phone' when 'letter' then 'address' else u.channel end and cp.health in ('ok', 'suspect')
       order by cp.health, cp.is_work, cp.contact_point_id desc limit 1) p on true`,
    [
      attempts.map((attempt) => attempt.borrowerId),
      attempts.map((attempt) => attempt.caseId),
      attempts.map((attempt) => attempt.portfolioId),
      attempts.map((attempt) => attempt.channel),
      attempts.map((attempt) => attempt.template),
      attempts.map((attempt) => attempt.step),
      attempts.map((attempt) => attempt.dueAt),
      formatLocalDate(asOf),
    ],
  )
}

/** Portfolios, the strategy each follows, and the zone whose calendar it keeps. */
export async function listPortfolioStrategies(
  db: Sql,
): Promise<{ portfolioId: string; portfolio: string; strategy: string; zone: string }[]> {
  const rows = await db.query<{
    portfolio_id: string
    portfolio: string
    strategy: string
    zone: string
  }>(
    'select portfolio_id, name as portfolio, strategy, zones[1] as zone from portfolio order by portfolio_id',
  )
  return rows.map(({ portfolio_id, ...row }) => ({ portfolioId: portfolio_id, ...row }))
}

/** The stored version of a strategy with this content, made when it is new. */
export async function saveStrategyVersion(
  db: Sql,
  version: { name: string; hash: string; document: string; publishedAt: string },
): Promise<string> {
  await db.run(
    `insert into strategy_version (name, hash, document, published_at) values ($1, $2, $3, $4) on conflict (name, hash) do nothing`,
    [version.name, version.hash, version.document, version.publishedAt],
  )
  const [row] = await db.query<{ strategy_version_id: string }>(
    'select strategy_version_id from strategy_version where name = $1 and hash = $2',
    [version.name, version.hash],
  )
  return required(row?.strategy_version_id, 'strategy version')
}

export async function ensureMonths(db: Database, asOf: EpochDay): Promise<void> {
  for (const table of ['attempt', 'decision', 'decision_payload', 'message']) {
    await db.run(`select ensure_month_partitions($1::regclass, $2::date, $2::date + 31)`, [
      table,
      formatLocalDate(asOf),
    ])
  }
}
