import { type EpochDay, epochDay, formatLocalDate } from '@dunlin/kernel'
import { z } from 'zod'
import type { Sql, Tx } from '../../platform/db/index.ts'
import type { ByComponent } from '../model/authority.ts'
import type { PlanTerms } from '../model/decide-plan.ts'
import type { PlanPart } from '../model/plan-parts.ts'
import type { EffectDraft } from './plan-effects.ts'
import type { PlanKind } from './plan-terms.ts'
import type { Scope } from './scope.ts'

// SQL of plans and their parts.

export type PlanState =
  | 'awaiting-approval'
  | 'offered'
  | 'active'
  | 'kept'
  | 'broken'
  | 'cancelled'
  | 'declined'
  | 'expired'

export type StoredPlan = PlanTerms & {
  readonly borrowerId: string
  readonly planId: string
  readonly caseId: string
  readonly lender: string
  readonly zone: string
  readonly kind: PlanKind
  readonly scope: Scope
  readonly state: PlanState
  readonly currency: string
  readonly amountMinor: bigint
  readonly interestMinor: bigint
  readonly waivedMinor: bigint
  readonly waived: ByComponent
  readonly owedMinor: bigint
  readonly effect: 'none' | 'pause' | 'amend'
  readonly effects: readonly EffectDraft[]
  readonly effectsCount: number
  readonly statementId: string | null
  readonly reason: string
  readonly proposedAt: string
  readonly proposedBy: string
  readonly proposedRole: string
  readonly offerUntilOn: EpochDay
  readonly approvedBy: string | null
  readonly acceptedAt: string | null
  readonly acceptedOn: EpochDay | null
  readonly acceptedBy: string | null
  readonly knownBefore: readonly string[]
  readonly decidedOn: EpochDay | null
  readonly endReason: string | null
  readonly holdId: string | null
  readonly holdUntilOn: EpochDay | null
}

const draftSchema: z.ZodType<EffectDraft> = z.strictObject({
  loanId: z.string(),
  when: z.enum(['accepted', 'kept']),
  partSeq: z.int().nullable(),
  event: z.strictObject({
    kind: z.enum(['paused', 'due-moved', 'fee', 'waived']),
    effectiveOn: z.string(),
    untilOn: z.string().exactOptional(),
    seq: z.int().exactOptional(),
    toOn: z.string().exactOptional(),
    dueOn: z.string().exactOptional(),
    amountMinor: z.int().exactOptional(),
    component: z.string().exactOptional(),
  }),
})
const day = z.int().transform(epochDay)
const amount = z.string().transform((text) => BigInt(text))

const rowSchema = z.object({
  borrowerId: z.string(),
  planId: z.string(),
  caseId: z.string(),
  lender: z.string(),
  zone: z.string(),
  kind: z.enum(['postponement', 'instalments', 'settlement']),
  scope: z.enum(['arrears', 'outstanding']),
  state: z.enum([
    'awaiting-approval',
    'offered',
    'active',
    'kept',
    'broken',
    'cancelled',
    'declined',
    'expired',
  ]),
  currency: z.string(),
  amountMinor: amount,
  interestMinor: amount,
  waivedMinor: amount,
  waived: z.tuple([amount, amount, amount, amount]),
  owedMinor: amount,
  effect: z.enum(['none', 'pause', 'amend']),
  effects: z.array(draftSchema),
  effectsCount: z.int(),
  graceDays: z.int(),
  brokenAfterParts: z.int(),
  statementId: z.string().nullable(),
  reason: z.string(),
  proposedAt: z.string(),
  proposedBy: z.string(),
  proposedRole: z.string(),
  offerUntilOn: day,
  approvedBy: z.string().nullable(),
  acceptedAt: z.string().nullable(),
  acceptedOn: day.nullable(),
  acceptedBy: z.string().nullable(),
  knownBefore: z.array(z.string()),
  decidedOn: day.nullable(),
  endReason: z.string().nullable(),
  holdId: z.string().nullable(),
  holdUntilOn: day.nullable(),
  dueDays: z.array(day),
  amounts: z.array(amount),
  interests: z.array(amount),
})

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`
const EPOCH = `date '1970-01-01'`
const PLAN = `
  select r.borrower_id as "borrowerId", r.plan_id as "planId", r.case_id as "caseId", c.lender, p.zones[1] as zone, r.kind,
    r.scope, r.state, r.currency, r.amount_minor as "amountMinor", r.interest_minor as "interestMinor",
    r.waived_minor as "waivedMinor", r.waived_by_component::text[] as waived, r.owed_minor as "owedMinor", r.effect,
    r.effects, r.effects_count as "effectsCount", r.grace_days as "graceDays", r.broken_after_parts as "brokenAfterParts",
    r.statement_id as "statementId", r.reason, to_char(r.proposed_at at time zone 'utc', ${UTC}) as "proposedAt",
    r.proposed_by as "proposedBy", r.proposed_role as "proposedRole", r.offer_until_on - ${EPOCH} as "offerUntilOn",
    r.approved_by as "approvedBy", to_char(r.accepted_at at time zone 'utc', ${UTC}) as "acceptedAt",
    r.accepted_on - ${EPOCH} as "acceptedOn", r.accepted_by as "acceptedBy", r.known_before as "knownBefore",
    r.decided_on - ${EPOCH} as "decidedOn", r.end_reason as "endReason", r.hold_id as "holdId",
    r.hold_until_on - ${EPOCH} as "holdUntilOn", t.due_days as "dueDays", t.amounts, t.interests
  from plan r join collection_case c using (borrower_id, case_id) join portfolio p using (portfolio_id)
  join lateral (select array_agg(x.due_on - ${EPOCH} order by x.seq) as due_days,
      array_agg(x.amount_minor::text order by x.seq) as amounts, array_agg(x.interest_minor::text order by x.seq) as interests
    from plan_part x where x.borrower_id = r.borrower_id and x.plan_id = r.plan_id) t on true`

function fromRow(row: object): StoredPlan {
  const { dueDays, amounts, interests, ...plan } = rowSchema.parse(row)
  const parts = dueDays.map(
    (dueOn, index): PlanPart => ({
      dueOn,
      amountMinor: amounts[index] ?? 0n,
      interestMinor: interests[index] ?? 0n,
    }),
  )
  return { ...plan, parts }
}

export async function findPlan(sql: Sql, planId: string): Promise<StoredPlan | null> {
  const [row] = await sql.query(`${PLAN} where r.plan_id = $1`, [planId])
  return row === undefined ? null : fromRow(row)
}

/** Every plan of a case, newest first. */
export async function listPlansOfCase(sql: Sql, caseId: string): Promise<StoredPlan[]> {
  const rows = await sql.query(`${PLAN} where c.case_id = $1 order by r.plan_id desc`, [caseId])
  return rows.map(fromRow)
}

/** The plans of these borrowers that the ledger decides. */
export async function listAcceptedOf(
  tx: Tx,
  borrowerIds: readonly string[],
): Promise<StoredPlan[]> {
  const rows = await tx.query(
    `${PLAN} where r.borrower_id = any($1::bigint[]) and r.state in ('active', 'kept', 'broken') order by r.borrower_id, r.plan_id`,
    [borrowerIds],
  )
  return rows.map(fromRow)
}

/** Plans of a borrower that run or may still be accepted. */
export async function listRunning(sql: Sql, borrowerId: string): Promise<StoredPlan[]> {
  const rows = await sql.query(
    `${PLAN} where r.borrower_id = $1 and r.state in ('awaiting-approval', 'offered', 'active') order by r.plan_id`,
    [borrowerId],
  )
  return rows.map(fromRow)
}

export type NewPlan = Omit<
  StoredPlan,
  | 'planId'
  | 'lender'
  | 'zone'
  | 'effectsCount'
  | 'approvedBy'
  | 'acceptedAt'
  | 'acceptedOn'
  | 'acceptedBy'
  | 'knownBefore'
  | 'decidedOn'
  | 'endReason'
  | 'holdId'
  | 'holdUntilOn'
> & { readonly proposedOn: EpochDay }

export async function insertPlan(tx: Tx, plan: NewPlan): Promise<string> {
  const [row] = await tx.query<{ plan_id: string }>(
    `insert into plan (borrower_id, case_id, kind, scope, state, currency, amount_minor, interest_minor, waived_minor,
       waived_by_component, effect, effects, grace_days, broken_after_parts, statement_id, reason, owed_minor, proposed_at,
       proposed_on, proposed_by, proposed_role, offer_until_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
     returning plan_id`,
    [
      plan.borrowerId,
      plan.caseId,
      plan.kind,
      plan.scope,
      plan.state,
      plan.currency,
      plan.amountMinor,
      plan.interestMinor,
      plan.waivedMinor,
      plan.waived,
      plan.effect,
      JSON.stringify(plan.effects),
      plan.graceDays,
      plan.brokenAfterParts,
      plan.statementId,
      plan.reason,
      plan.owedMinor,
      plan.proposedAt,
      formatLocalDate(plan.proposedOn),
      plan.proposedBy,
      plan.proposedRole,
      formatLocalDate(plan.offerUntilOn),
    ],
  )
  if (row === undefined) throw new Error('no plan was made')
  await insertParts(tx, { borrowerId: plan.borrowerId, planId: row.plan_id }, plan.parts)
  return row.plan_id
}

export type PlanKey = { readonly borrowerId: string; readonly planId: string }

async function insertParts(tx: Tx, key: PlanKey, parts: readonly PlanPart[]): Promise<void> {
  await tx.run(
    `insert into plan_part (borrower_id, plan_id, seq, due_on, amount_minor, interest_minor)
     select $1, $2, s, d, a, i from unnest($3::integer[], $4::date[], $5::bigint[], $6::bigint[]) t(s, d, a, i)`,
    [
      key.borrowerId,
      key.planId,
      parts.map((_, index) => index + 1),
      parts.map(({ dueOn }) => formatLocalDate(dueOn)),
      parts.map(({ amountMinor }) => amountMinor),
      parts.map(({ interestMinor }) => interestMinor),
    ],
  )
}

/** Borrowers with a running plan of which a part's deadline is before a day, in order, from after another. */
export async function listPlansOverdue(
  tx: Tx,
  { before, after, limit }: { before: EpochDay; after: string; limit: number },
): Promise<string[]> {
  const rows = await tx.query<{ borrower_id: string }>(
    `select distinct r.borrower_id from plan r join plan_part x using (borrower_id, plan_id)
     where r.state = 'active' and x.due_on + r.grace_days < $1::date and r.borrower_id > $2
     order by r.borrower_id limit $3`,
    [formatLocalDate(before), after, limit],
  )
  return rows.map((row) => row.borrower_id)
}

/** Plans on offer whose days are over before a day. */
export async function listExpired(tx: Tx, before: EpochDay, limit: number): Promise<StoredPlan[]> {
  const rows = await tx.query(
    `${PLAN} where r.state in ('awaiting-approval', 'offered') and r.offer_until_on < $1 order by r.borrower_id, r.plan_id
     limit $2`,
    [formatLocalDate(before), limit],
  )
  return rows.map(fromRow)
}
