import { deskUnmask } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { serve } from '../serve.ts'
import { reachCase } from './reach-case.ts'
import { findSealedPoint } from './unmask-store.ts'

/** How long a page shows it before it masks it again. */
const SHOWN_SECONDS = 60

/** A number or an address in the clear. Who saw it and why stands in the audit before the answer leaves. */
export function routeUnmask(app: App, context: ConsoleContext): void {
  const { db, sealer } = context
  serve(app, context, deskUnmask, async ({ asker, idIn, body, at }) => {
    const row = await reachCase(context, asker, idIn)
    const contactPointId = idIn('contactPointId')
    const sealed = await findSealedPoint(db, { borrowerId: row.borrower_id, contactPointId })
    if (sealed === null)
      throw new Problem('resource.not_found', 'there is no such contact point', 'contactPointId')
    const value = sealer.open(sealed)
    await insertAudit(db, {
      ...{ actor: asker.email, action: 'person.unmasked', subject: row.case_id },
      ...{ detail: { contactPointId, ...body }, at: formatInstant(at) },
    })
    return { value, shownSeconds: SHOWN_SECONDS }
  })
}
