import { type EpochDay, formatLocalDate } from '@dunlin/kernel'
import type { Sql, Tx } from '../../platform/db/index.ts'
import type { EffectDraft } from './plan-effects.ts'
import type { PlanKey, PlanState } from './plan-store.ts'

// SQL that changes plans: approval, acceptance, decisions, effects, agreement and codes.

export async function updateState(
  tx: Tx,
  { borrowerId, planId }: PlanKey,
  given: { state: PlanState; decidedOn: EpochDay | null; endReason: string | null },
): Promise<void> {
  await tx.run(
    'update plan set state = $3, decided_on = $4, end_reason = $5 where borrower_id = $1 and plan_id = $2',
    [
      borrowerId,
      planId,
      given.state,
      given.decidedOn === null ? null : formatLocalDate(given.decidedOn),
      given.endReason,
    ],
  )
}

export async function updateApproved(
  tx: Tx,
  { borrowerId, planId }: PlanKey,
  given: { by: string; at: string },
): Promise<void> {
  await tx.run(
    `update plan set state = 'offered', approved_by = $3, approved_at = $4 where borrower_id = $1 and plan_id = $2`,
    [borrowerId, planId, given.by, given.at],
  )
}

export async function updateAccepted(
  tx: Tx,
  { borrowerId, planId }: PlanKey,
  given: {
    at: string
    on: EpochDay
    by: string
    knownBefore: readonly string[]
    effects: readonly EffectDraft[]
    effect: string
  },
): Promise<void> {
  await tx.run(
    `update plan set state = 'active', accepted_at = $3, accepted_on = $4, accepted_by = $5, known_before = $6, effects = $7,
       effect = $8 where borrower_id = $1 and plan_id = $2`,
    [
      borrowerId,
      planId,
      given.at,
      formatLocalDate(given.on),
      given.by,
      given.knownBefore,
      JSON.stringify(given.effects),
      given.effect,
    ],
  )
}

export async function updateHold(
  tx: Tx,
  { borrowerId, planId }: PlanKey,
  { holdId, untilOn }: { holdId: string | null; untilOn: EpochDay | null },
): Promise<void> {
  await tx.run(
    'update plan set hold_id = $3, hold_until_on = $4 where borrower_id = $1 and plan_id = $2',
    [borrowerId, planId, holdId, untilOn === null ? null : formatLocalDate(untilOn)],
  )
}

/** What is asked for on the open cases of a borrower with a lender: the next part of a plan, or the arrears again. */
export async function updateAsked(
  tx: Tx,
  given: {
    borrowerId: string
    lender: string
    currency: string
    asked: { amountMinor: bigint; dueOn: EpochDay } | null
  },
): Promise<void> {
  const { asked } = given
  await tx.run(
    `update collection_case set asked_minor = $4, asked_on = $5
     where borrower_id = $1 and lender = $2 and currency = $3 and state = 'open'`,
    [
      given.borrowerId,
      given.lender,
      given.currency,
      asked === null ? null : asked.amountMinor,
      asked === null ? null : formatLocalDate(asked.dueOn),
    ],
  )
}

export type PlanEffectRow = {
  readonly loanId: string
  readonly eventNo: string
  readonly draft: EffectDraft
}

/** The effects of a plan that stand: recorded, and not undone. */
export async function listEffects(
  sql: Sql,
  { borrowerId, planId }: PlanKey,
): Promise<PlanEffectRow[]> {
  return sql.query<PlanEffectRow>(
    `select loan_id as "loanId", event_no as "eventNo", draft from plan_effect
     where borrower_id = $1 and plan_id = $2 and undone_by is null order by event_no`,
    [borrowerId, planId],
  )
}

/** The next number of a plan's events; each is given once. */
export async function nextEffectNumber(tx: Tx, { borrowerId, planId }: PlanKey): Promise<number> {
  const [row] = await tx.query<{ effects_count: number }>(
    `update plan set effects_count = effects_count + 1 where borrower_id = $1 and plan_id = $2 returning effects_count`,
    [borrowerId, planId],
  )
  if (row === undefined) throw new Error(`there is no plan ${planId}`)
  return row.effects_count
}

export async function insertEffect(
  tx: Tx,
  { borrowerId, planId }: PlanKey,
  { eventNo, draft }: { eventNo: string; draft: EffectDraft },
): Promise<void> {
  await tx.run(
    `insert into plan_effect (borrower_id, plan_id, loan_id, event_no, kind, part_seq, draft) values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      borrowerId,
      planId,
      draft.loanId,
      eventNo,
      draft.event.kind,
      draft.partSeq,
      JSON.stringify(draft),
    ],
  )
}

export async function updateUndone(
  tx: Tx,
  { borrowerId, planId }: PlanKey,
  { eventNo, undoneBy }: { eventNo: string; undoneBy: string },
): Promise<void> {
  await tx.run(
    'update plan_effect set undone_by = $4 where borrower_id = $1 and plan_id = $2 and event_no = $3',
    [borrowerId, planId, eventNo, undoneBy],
  )
}

/** Whether the case has an open matter of one of these kinds. */
export async function hasOpenMatter(
  sql: Sql,
  { borrowerId, caseId, kinds }: { borrowerId: string; caseId: string; kinds: readonly string[] },
): Promise<boolean> {
  const [row] = await sql.query<{ found: boolean }>(
    `select exists (select 1 from matter where borrower_id = $1 and case_id = $2 and kind = any($3)
       and state in ('open', 'appealed')) as found`,
    [borrowerId, caseId, kinds],
  )
  return row?.found === true
}

/** Whether another plan of the case runs. */
export async function hasOtherActive(
  sql: Sql,
  { borrowerId, caseId, planId }: PlanKey & { readonly caseId: string },
): Promise<boolean> {
  const [row] = await sql.query<{ found: boolean }>(
    `select exists (select 1 from plan where borrower_id = $1 and case_id = $2 and plan_id <> $3
       and state = 'active') as found`,
    [borrowerId, caseId, planId],
  )
  return row?.found === true
}

export async function insertAgreement(
  tx: Tx,
  { borrowerId, planId }: PlanKey,
  given: { sha256: Buffer; sealedPdf: Buffer; at: string },
): Promise<void> {
  await tx.run(
    'insert into plan_agreement (borrower_id, plan_id, sha256, sealed_pdf, made_at) values ($1, $2, $3, $4, $5)',
    [borrowerId, planId, given.sha256, given.sealedPdf, given.at],
  )
}

export async function findAgreement(
  sql: Sql,
  { borrowerId, planId }: PlanKey,
): Promise<{ sha256: string; sealedPdf: Buffer } | null> {
  const [row] = await sql.query<{ sha256: string; sealedPdf: Buffer }>(
    `select encode(sha256, 'hex') as sha256, sealed_pdf as "sealedPdf" from plan_agreement
     where borrower_id = $1 and plan_id = $2`,
    [borrowerId, planId],
  )
  return row ?? null
}

export type AgreementParties = {
  readonly sealedBorrower: Buffer
  readonly loanNos: readonly string[]
}

/** Who agrees, and about which contracts. */
export async function findParties(
  sql: Sql,
  given: { borrowerId: string; lender: string; currency: string },
): Promise<AgreementParties | null> {
  const [row] = await sql.query<AgreementParties>(
    `select b.sealed as "sealedBorrower", array(select l.loan_no from loan l join portfolio p using (portfolio_id)
       where l.borrower_id = b.borrower_id and p.lender = $2 and l.currency = $3 and l.outstanding_minor > 0
       order by l.loan_no) as "loanNos"
     from borrower b where b.borrower_id = $1`,
    [given.borrowerId, given.lender, given.currency],
  )
  return row ?? null
}

export type PlanCode = {
  readonly codeId: string
  readonly codeHash: Buffer
  readonly sha256: string
  readonly tries: number
  readonly isExpired: boolean
}

export async function insertCode(
  tx: Tx,
  { borrowerId, planId }: PlanKey,
  given: { codeHash: Buffer; sha256: string; attemptId: string; at: string; expiresAt: string },
): Promise<void> {
  await tx.run(
    `insert into plan_code (borrower_id, plan_id, code_hash, sha256, attempt_id, made_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      borrowerId,
      planId,
      given.codeHash,
      Buffer.from(given.sha256, 'hex'),
      given.attemptId,
      given.at,
      given.expiresAt,
    ],
  )
}

/** The code that was made last for a plan and is not used; null without one. Older ones are void. */
export async function findLastCode(
  sql: Sql,
  { borrowerId, planId }: PlanKey,
  at: string,
): Promise<PlanCode | null> {
  const [row] = await sql.query<PlanCode & { used: boolean }>(
    `select code_id as "codeId", code_hash as "codeHash", encode(sha256, 'hex') as sha256, tries, expires_at <= $3 as "isExpired",
       used_at is not null as used
     from plan_code where borrower_id = $1 and plan_id = $2 order by code_id desc limit 1`,
    [borrowerId, planId, at],
  )
  return row === undefined || row.used ? null : row
}

/** How many codes were made for a plan since an instant. */
export async function countCodes(
  sql: Sql,
  { borrowerId, planId }: PlanKey,
  since: string,
): Promise<number> {
  const [row] = await sql.query<{ made: string }>(
    'select count(*) as made from plan_code where borrower_id = $1 and plan_id = $2 and made_at > $3',
    [borrowerId, planId, since],
  )
  return Number(row?.made ?? '0')
}

/** Counts a try of the last code of a plan. */
export async function countTry(sql: Sql, planId: string): Promise<void> {
  await sql.run(
    `update plan_code c set tries = c.tries + 1 from (select borrower_id, plan_id, max(code_id) as code_id from plan_code
       where plan_id = $1 group by borrower_id, plan_id) l
     where c.borrower_id = l.borrower_id and c.plan_id = l.plan_id and c.code_id = l.code_id`,
    [planId],
  )
}

export async function noteUsed(
  tx: Tx,
  { borrowerId, planId }: PlanKey,
  { codeId, usedAt }: { codeId: string; usedAt: string },
): Promise<void> {
  await tx.run(
    'update plan_code set used_at = $4 where borrower_id = $1 and plan_id = $2 and code_id = $3',
    [borrowerId, planId, codeId, usedAt],
  )
}
