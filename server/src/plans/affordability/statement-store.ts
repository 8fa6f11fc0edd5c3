import { type EpochDay, epochDay, formatLocalDate } from '@dunlin/kernel'
import type { Sql, Tx } from '../../platform/db/index.ts'

// SQL of statements of income and expenses; what they say in detail is sealed.

export type StoredStatement = {
  readonly borrowerId: string
  readonly statementId: string
  readonly caseId: string
  readonly currency: string
  readonly norms: string
  readonly normsHash: string
  readonly sealed: Buffer
  readonly surplusMinor: bigint
  readonly availableMinor: bigint
  readonly madeOn: EpochDay
  readonly validUntilOn: EpochDay
}
type Row = Omit<StoredStatement, 'surplusMinor' | 'availableMinor' | 'madeOn' | 'validUntilOn'> & {
  readonly surplus: string
  readonly available: string
  readonly madeDays: number
  readonly validDays: number
}

const STATEMENT = `
  select borrower_id as "borrowerId", statement_id as "statementId", case_id as "caseId", currency, norms,
    norms_hash as "normsHash", sealed, surplus_minor as surplus, available_minor as available,
    made_on - date '1970-01-01' as "madeDays", valid_until_on - date '1970-01-01' as "validDays"
  from affordability_statement`

function fromRow({ surplus, available, madeDays, validDays, ...row }: Row): StoredStatement {
  return {
    ...row,
    surplusMinor: BigInt(surplus),
    availableMinor: BigInt(available),
    madeOn: epochDay(madeDays),
    validUntilOn: epochDay(validDays),
  }
}

export async function insertStatement(
  tx: Tx,
  given: Omit<StoredStatement, 'statementId'> & { madeAt: string; madeBy: string },
): Promise<string> {
  const [row] = await tx.query<{ statement_id: string }>(
    `insert into affordability_statement (borrower_id, case_id, currency, norms, norms_hash, sealed, surplus_minor,
       available_minor, made_at, made_on, made_by, valid_until_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning statement_id`,
    [
      given.borrowerId,
      given.caseId,
      given.currency,
      given.norms,
      given.normsHash,
      given.sealed,
      given.surplusMinor,
      given.availableMinor,
      given.madeAt,
      formatLocalDate(given.madeOn),
      given.madeBy,
      formatLocalDate(given.validUntilOn),
    ],
  )
  if (row === undefined) throw new Error('no statement was kept')
  return row.statement_id
}

export async function findStatement(
  sql: Sql,
  statementId: string,
): Promise<StoredStatement | null> {
  const [row] = await sql.query<Row>(`${STATEMENT} where statement_id = $1`, [statementId])
  return row === undefined ? null : fromRow(row)
}

/** The latest statement of a borrower that may still be built on; null without one. */
export async function findLatestStatement(
  sql: Sql,
  { borrowerId, today }: { borrowerId: string; today: EpochDay },
): Promise<StoredStatement | null> {
  const [row] = await sql.query<Row>(
    `${STATEMENT} where borrower_id = $1 and valid_until_on >= $2 order by statement_id desc limit 1`,
    [borrowerId, formatLocalDate(today)],
  )
  return row === undefined ? null : fromRow(row)
}
