import type { Tx } from '../../platform/db/index.ts'

/** A message that started a hold, with what its matter needs to know. */
export type Said = {
  readonly caseId: string
  readonly kind: string
  readonly channel: string
  readonly raisedBy: string
  readonly partyId: string | null
  readonly sealedBody: Buffer
}

/** Null where the borrower has never had a case: then there is nothing to decide. */
export async function findSaid(
  tx: Tx,
  message: { readonly borrowerId: string; readonly messageId: string; readonly holdId: string },
): Promise<Said | null> {
  const [said] = await tx.query<Said>(
    `select c.case_id as "caseId", h.kind, m.channel, coalesce(p.relation, 'borrower') as "raisedBy",
       h.party_id as "partyId", m.sealed_body as "sealedBody"
     from message m
     join hold h on h.borrower_id = m.borrower_id and h.hold_id = $3
     join lateral (select k.case_id from collection_case k where k.borrower_id = m.borrower_id
       order by k.state = 'open' desc, k.case_id desc limit 1) c on true
     left join party p on p.borrower_id = h.borrower_id and p.party_id = h.party_id
     where m.borrower_id = $1 and m.message_id = $2`,
    [message.borrowerId, message.messageId, message.holdId],
  )
  return said ?? null
}
