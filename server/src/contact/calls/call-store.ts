import type { Sql, Tx } from '../../platform/db/index.ts'
import type { ClaimedRow } from '../dispatch-store.ts'

// SQL of calls that a person makes.

export type Caller = {
  readonly agentId: string
  readonly certifiedUntil: string | null
  readonly trainedOn: string | null
  readonly agency: string | null
}

/** What the gate asks about the agent who calls; null when there is none. */
export async function findCaller(sql: Sql, agentId: string): Promise<Caller | null> {
  const [row] = await sql.query<Caller>(
    `select a.agent_id as "agentId", a.certified_until_on::text as "certifiedUntil", a.trained_on::text as "trainedOn",
       g.name as agency
     from agent a left join agency g using (agency_id) where a.agent_id = $1 and a.is_active`,
    [agentId],
  )
  return row ?? null
}

export type NewCall = {
  readonly borrowerId: string
  readonly caseId: string
  readonly portfolioId: string
  readonly partyId: string | null
  readonly contactPointId: string
  readonly script: string
  readonly caller: Caller
  readonly at: string
}

/** A call that somebody wants to make now, before the gate was asked. */
export async function insertCall(tx: Tx, call: NewCall): Promise<ClaimedRow> {
  const [row] = await tx.query<ClaimedRow>(
    `insert into attempt (borrower_id, created_on, case_id, portfolio_id, party_id, contact_point_id, channel,
       purpose, template, step, state, due_at, direction, actor_kind, actor_id, agency)
     values ($1, $8::timestamptz::date, $2, $3, $4, $5, 'call', 'collect', $6, 'desk', 'planned', $8, 'outbound',
       'agent', $7, $9)
     returning borrower_id, attempt_id, created_on`,
    [
      call.borrowerId,
      call.caseId,
      call.portfolioId,
      call.partyId,
      call.contactPointId,
      call.script,
      call.caller.agentId,
      call.at,
      call.caller.agency,
    ],
  )
  if (row === undefined) throw new Error('no call was planned')
  return row
}

/** What the gate said to a call: a permitted one is made, and counts from here on whether or not anybody answers. */
export async function updateCall(
  tx: Tx,
  { borrower_id, attempt_id, created_on }: ClaimedRow,
  decided: {
    readonly decisionId: string | null
    readonly permitId: string | null
    readonly reason: string | null
    readonly at: string
  },
): Promise<void> {
  await tx.run(
    `update attempt set state = case when $4::uuid is null then 'refused' else 'sent' end, permit_id = $4, decision_id = $5,
       reason = $6, at = $7
     where borrower_id = $1 and attempt_id = $2 and created_on = $3`,
    [
      borrower_id,
      attempt_id,
      created_on,
      decided.permitId,
      decided.decisionId,
      decided.reason,
      decided.at,
    ],
  )
}
