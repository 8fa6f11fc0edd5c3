import type { Tx } from '../../platform/db/index.ts'
import type { HeardEvent } from '../../platform/events/index.ts'

export type Telling = {
  readonly borrowerId: string
  readonly matterId: string
  readonly attemptId: string
}

/** Which of these contacts tell the decision of a matter. */
export async function listTellings(tx: Tx, events: readonly HeardEvent[]): Promise<Telling[]> {
  return tx.query<Telling>(
    `select a.borrower_id as "borrowerId", m.matter_id as "matterId", a.attempt_id as "attemptId"
     from unnest($1::bigint[], $2::bigint[]) t(borrower_id, attempt_id) join attempt a using (borrower_id, attempt_id)
     join matter m on m.borrower_id = a.borrower_id and a.trigger_ref = 'matter ' || m.matter_id`,
    [
      events.map(({ borrowerId }) => borrowerId),
      events.map(({ payload }) => String(payload.attemptId)),
    ],
  )
}
