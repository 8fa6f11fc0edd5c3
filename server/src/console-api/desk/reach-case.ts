import { assertLease } from '../../cases/index.ts'
import type { Sql } from '../../platform/db/index.ts'
import { Problem } from '../../platform/http/index.ts'
import { type Asker, type ConsoleContext, reachOf } from '../context.ts'
import { type DeskCaseRow, findDeskCase } from './case-view-store.ts'

/** What is out of somebody's reach is not there for them: its number tells nothing. */
export async function reachCase(
  { db }: ConsoleContext,
  asker: Asker,
  idIn: (name: string) => string,
): Promise<DeskCaseRow> {
  const caseId = idIn('caseId')
  const row = await findDeskCase(db, { caseId, reach: reachOf(asker) })
  if (row === null) throw new Problem('resource.not_found', `there is no case ${caseId}`, 'caseId')
  return row
}

/** Refuses a change by whoever does not work on the borrower now: the lease ran out, or somebody else took it. */
export async function mustWork(
  { wall }: ConsoleContext,
  sql: Sql,
  { asker, borrowerId }: { asker: Asker; borrowerId: string },
): Promise<void> {
  const held = await assertLease(sql, borrowerId, { userId: asker.userId, wall: wall.now() })
  if (held.ok) return
  const { holder } = held.refusal
  throw new Problem(
    'work.taken',
    holder === null
      ? 'your time with this borrower ran out: take the case again'
      : `${holder} works on this borrower now`,
  )
}
