import { BEFORE } from '../../cases/index.ts'
import type { Database } from '../../platform/db/index.ts'
import type { Reach } from '../context.ts'
import { reachValues, withinReach } from '../reach-store.ts'

// Moves of cases, newest first.

export type MoveRow = {
  id: string
  caseId: string
  borrowerNo: string
  portfolio: string
  from: string | null
  to: string | null
  at: string
  by: string
  reason: string
  dealId: string | null
  isLatest: boolean
}

export type MovesAsked = {
  readonly reach: Reach
  readonly agent: string | null
  readonly caseId: string | null
  readonly dealId: string | null
  readonly isByHand: boolean
  readonly moveId: string | null
  readonly before: string | null
  readonly limit: number
}

const UTC = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`

/** Who got which case from whom, of the cases within reach. */
export async function listMoveRows(db: Database, asked: MovesAsked): Promise<MoveRow[]> {
  return db.query(
    `select s.assignment_id as id, s.case_id as "caseId", b.borrower_no as "borrowerNo", p.name as portfolio,
       (${BEFORE}) as from, g.login as to, to_char(s.from_at at time zone 'utc', ${UTC}) as at, s.assigned_by as by,
       s.reason, s.deal_id as "dealId", (s.to_at is null or s.agent_id is null) and c.state = 'open'
         and not exists (select 1 from assignment n where n.borrower_id = s.borrower_id and n.case_id = s.case_id
           and n.assignment_id > s.assignment_id) as "isLatest"
     from assignment s left join agent g using (agent_id) join borrower b using (borrower_id)
     join collection_case c on c.borrower_id = s.borrower_id and c.case_id = s.case_id
     join portfolio p using (portfolio_id)
     where ${withinReach(1)} and ($5::text is null or s.agent_id = (select agent_id from agent where login = $5))
       and ($6::bigint is null or s.case_id = $6) and ($7::bigint is null or s.deal_id = $7)
       and (not $8 or s.deal_id is null) and ($9::bigint is null or s.assignment_id = $9)
       and ($10::bigint is null or s.assignment_id < $10) order by s.assignment_id desc limit $11`,
    [
      ...reachValues(asked.reach),
      ...[asked.agent, asked.caseId, asked.dealId, asked.isByHand],
      ...[asked.moveId, asked.before, asked.limit],
    ],
  )
}

/** Whether a case is there for somebody. */
export async function isReached(
  db: Database,
  { reach, caseId }: { reach: Reach; caseId: string },
): Promise<boolean> {
  const rows = await db.query(
    `select 1 from collection_case c where ${withinReach(1)} and c.case_id = $5`,
    [...reachValues(reach), caseId],
  )
  return rows.length > 0
}
