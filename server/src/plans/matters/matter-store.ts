import {
  type EpochDay,
  epochDay,
  formatInstant,
  formatLocalDate,
  type Instant,
} from '@dunlin/kernel'
import type { Sql, Tx } from '../../platform/db/index.ts'
import type { MatterKind } from '../model/solutions.ts'

// SQL of matters: what was raised, what happened to it, and its documents.

export type MatterOutcome = 'upheld' | 'partly-upheld' | 'rejected' | 'withdrawn'
export type MatterState = 'open' | 'decided' | 'appealed' | 'closed'

export type Matter = {
  readonly borrowerId: string
  readonly matterId: string
  readonly caseId: string
  readonly kind: MatterKind
  readonly channel: string
  readonly raisedBy: string
  readonly loanNo: string | null
  readonly state: MatterState
  readonly sealedText: Buffer
  readonly owner: string
  readonly holdId: string
  readonly receivedAt: string
  readonly receivedOn: EpochDay
  readonly dueOn: EpochDay
  readonly outcome: MatterOutcome | null
  readonly decidedAt: string | null
  readonly decidedBy: string | null
  readonly appealUntilOn: EpochDay | null
}

type MatterRow = Omit<Matter, 'receivedOn' | 'dueOn' | 'appealUntilOn'> & {
  readonly receivedDays: number
  readonly dueDays: number
  readonly appealUntilDays: number | null
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`
const MATTER = `
  select m.borrower_id as "borrowerId", m.matter_id as "matterId", m.case_id as "caseId", m.kind, m.channel,
    m.raised_by as "raisedBy", l.loan_no as "loanNo", m.state, m.sealed_text as "sealedText", m.owner,
    m.hold_id as "holdId", to_char(m.received_at at time zone 'utc', ${UTC}) as "receivedAt",
    m.received_on - date '1970-01-01' as "receivedDays", m.due_on - date '1970-01-01' as "dueDays", m.outcome,
    to_char(m.decided_at at time zone 'utc', ${UTC}) as "decidedAt", m.decided_by as "decidedBy",
    m.appeal_until_on - date '1970-01-01' as "appealUntilDays"
  from matter m left join loan l on l.borrower_id = m.borrower_id and l.loan_id = m.loan_id`

function fromRow({ receivedDays, dueDays, appealUntilDays, ...row }: MatterRow): Matter {
  return {
    ...row,
    receivedOn: epochDay(receivedDays),
    dueOn: epochDay(dueDays),
    appealUntilOn: appealUntilDays === null ? null : epochDay(appealUntilDays),
  }
}

export async function findMatter(sql: Sql, matterId: string): Promise<Matter | null> {
  const [row] = await sql.query<MatterRow>(`${MATTER} where m.matter_id = $1`, [matterId])
  return row === undefined ? null : fromRow(row)
}

export type MatterFilter = {
  readonly after: string
  readonly limit: number
  readonly caseId: string | null
  readonly kind: string | null
  readonly state: string | null
  readonly owner: string | null
  /** Only those that wait for a decision and whose deadline is before this day. */
  readonly overdueOn: EpochDay | null
  /** Only decided ones that a person must tell. */
  readonly isUntold: boolean
}

/** Matters by their id, from after one. */
export async function listMatters(sql: Sql, filter: MatterFilter): Promise<Matter[]> {
  const rows = await sql.query<MatterRow>(
    `${MATTER} where m.matter_id > $1 and ($2::bigint is null or m.case_id = $2) and ($3::text is null or m.kind = $3)
       and ($4::text is null or m.state = $4) and ($5::text is null or m.owner = $5)
       and ($6::date is null or (m.state in ('open', 'appealed') and m.due_on < $6))
       and (not $8 or (m.state in ('decided', 'closed') and 'not-told' = (select s.kind from matter_step s
         where s.borrower_id = m.borrower_id and s.matter_id = m.matter_id and s.kind in ('telling', 'told', 'not-told')
         order by s.step_id desc limit 1)))
     order by m.matter_id limit $7`,
    [
      filter.after,
      filter.caseId,
      filter.kind,
      filter.state,
      filter.owner,
      filter.overdueOn === null ? null : formatLocalDate(filter.overdueOn),
      filter.limit,
      filter.isUntold,
    ],
  )
  return rows.map(fromRow)
}

export type NewMatter = Pick<
  Matter,
  'borrowerId' | 'caseId' | 'kind' | 'channel' | 'raisedBy' | 'sealedText' | 'owner' | 'holdId'
> & {
  readonly loanId: string | null
  readonly receivedAt: string
  readonly receivedOn: EpochDay
  readonly dueOn: EpochDay
}

export async function insertMatter(tx: Tx, matter: NewMatter): Promise<string> {
  const [row] = await tx.query<{ matter_id: string }>(
    `insert into matter (borrower_id, case_id, kind, channel, raised_by, loan_id, state, sealed_text, owner, hold_id,
       received_at, received_on, due_on)
     values ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $11, $12) returning matter_id`,
    [
      matter.borrowerId,
      matter.caseId,
      matter.kind,
      matter.channel,
      matter.raisedBy,
      matter.loanId,
      matter.sealedText,
      matter.owner,
      matter.holdId,
      matter.receivedAt,
      formatLocalDate(matter.receivedOn),
      formatLocalDate(matter.dueOn),
    ],
  )
  if (row === undefined) throw new Error('no matter was opened')
  return row.matter_id
}

export type MatterStep = {
  readonly kind:
    | 'received'
    | 'assigned'
    | 'document'
    | 'decided'
    | 'telling'
    | 'told'
    | 'not-told'
    | 'appealed'
  readonly at: string
  readonly by: string
  readonly sealedText: Buffer | null
  readonly detail: Readonly<Record<string, string | null>>
}
type MatterKey = { readonly borrowerId: string; readonly matterId: string }

export async function insertStep(
  tx: Tx,
  { borrowerId, matterId }: MatterKey,
  step: MatterStep,
): Promise<void> {
  await tx.run(
    `insert into matter_step (borrower_id, matter_id, kind, at, by, sealed_text, detail) values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      borrowerId,
      matterId,
      step.kind,
      step.at,
      step.by,
      step.sealedText,
      JSON.stringify(step.detail),
    ],
  )
}

export async function listSteps(sql: Sql, key: MatterKey): Promise<MatterStep[]> {
  return sql.query<MatterStep>(
    `select kind, to_char(at at time zone 'utc', ${UTC}) as at, by, sealed_text as "sealedText", detail
     from matter_step where borrower_id = $1 and matter_id = $2 order by step_id`,
    [key.borrowerId, key.matterId],
  )
}

export async function updateDecided(
  tx: Tx,
  { borrowerId, matterId }: MatterKey,
  given: {
    state: MatterState
    outcome: MatterOutcome
    by: string
    at: Instant
    appealUntilOn: EpochDay | null
  },
): Promise<void> {
  await tx.run(
    `update matter set state = $3, outcome = $4, decided_by = $5, decided_at = $6, appeal_until_on = $7
     where borrower_id = $1 and matter_id = $2`,
    [
      borrowerId,
      matterId,
      given.state,
      given.outcome,
      given.by,
      formatInstant(given.at),
      given.appealUntilOn === null ? null : formatLocalDate(given.appealUntilOn),
    ],
  )
}

export async function updateAppealed(
  tx: Tx,
  { borrowerId, matterId }: MatterKey,
  given: { holdId: string; dueOn: EpochDay; owner: string },
): Promise<void> {
  await tx.run(
    `update matter set state = 'appealed', hold_id = $3, due_on = $4, owner = $5 where borrower_id = $1 and matter_id = $2`,
    [borrowerId, matterId, given.holdId, formatLocalDate(given.dueOn), given.owner],
  )
}

export async function updateOwner(
  tx: Tx,
  { borrowerId, matterId }: MatterKey,
  owner: string,
): Promise<void> {
  await tx.run('update matter set owner = $3 where borrower_id = $1 and matter_id = $2', [
    borrowerId,
    matterId,
    owner,
  ])
}

export type MatterDocument = {
  readonly documentId: string
  readonly title: string
  readonly reference: string
  readonly sha256: string
  readonly addedAt: string
  readonly addedBy: string
}

export async function insertDocument(
  tx: Tx,
  { borrowerId, matterId }: MatterKey,
  given: Omit<MatterDocument, 'documentId'>,
): Promise<string> {
  const [row] = await tx.query<{ document_id: string }>(
    `insert into matter_document (borrower_id, matter_id, title, reference, sha256, added_at, added_by)
     values ($1, $2, $3, $4, $5, $6, $7) returning document_id`,
    [
      borrowerId,
      matterId,
      given.title,
      given.reference,
      Buffer.from(given.sha256, 'hex'),
      given.addedAt,
      given.addedBy,
    ],
  )
  if (row === undefined) throw new Error('no document was added')
  return row.document_id
}

export async function listDocuments(sql: Sql, key: MatterKey): Promise<MatterDocument[]> {
  return sql.query<MatterDocument>(
    `select document_id as "documentId", title, reference, encode(sha256, 'hex') as sha256,
       to_char(added_at at time zone 'utc', ${UTC}) as "addedAt", added_by as "addedBy"
     from matter_document where borrower_id = $1 and matter_id = $2 order by document_id`,
    [key.borrowerId, key.matterId],
  )
}

/** Breathing spaces that are open although the hold's time is over, the longest over first. */
export async function listEndingSpaces(
  sql: Sql,
  { before, at }: { before: EpochDay; at: Instant },
): Promise<string[]> {
  const rows = await sql.query<{ matter_id: string }>(
    `select m.matter_id from matter m join hold h using (borrower_id, hold_id)
     where m.state = 'open' and m.kind = 'breathing-space' and m.due_on <= $1 and h.to_at <= $2
     order by m.due_on, m.matter_id`,
    [formatLocalDate(before), formatInstant(at)],
  )
  return rows.map((row) => row.matter_id)
}

/** Marks a borrower as deceased: the gate then refuses every contact to that person. */
export async function markDeceased(tx: Tx, borrowerId: string): Promise<void> {
  await tx.run(`update borrower set status = 'deceased' where borrower_id = $1`, [borrowerId])
}
