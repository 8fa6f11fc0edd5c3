import { readCase, readLamps, readTimeline } from '@dunlin/contract'
import { previewContacts } from '../../contact/index.ts'
import { listAccounts } from '../../people/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { type ConsoleContext, type Reach, reachOf } from '../context.ts'
import { serve } from '../serve.ts'
import { toItem } from './case-item.ts'
import { type CaseListRow, findReached } from './case-list-store.ts'
import { listCaseEvents, listCaseLoans } from './case-store.ts'
import { toVerdict } from './verdict-response.ts'

/** One case: what is owed and how it is made up, whom one may contact how, and what happened. */
export function routeReadCase(app: App, context: ConsoleContext): void {
  const { db, sealer, gate } = context
  serve(app, context, readCase, async ({ asker, idIn, at }) => {
    const [row, loans] = await Promise.all([
      mustReach(context, idIn('caseId'), reachOf(asker)),
      listCaseLoans(db, idIn('caseId')),
    ])
    return { case: toItem(row, { sealer, at }), loans }
  })
  serve(app, context, readLamps, async ({ asker, idIn, at }) => {
    const { case_id: caseId } = await mustReach(context, idIn('caseId'), reachOf(asker))
    const accounts = (await listAccounts(db)).filter((each) => each.collectionContent)
    const carriers = new Set(accounts.map(({ channel }) => channel))
    const found = await previewContacts(db, gate, { caseId, at, carriers })
    return {
      items: found.map(({ channel, contactPointId, masked, relation, verdict }) => ({
        channel,
        contactPointId,
        point: masked,
        relation,
        now: toVerdict(verdict),
      })),
    }
  })
  serve(app, context, readTimeline, async ({ asker, idIn }) => {
    const [items] = await Promise.all([
      listCaseEvents(db, idIn('caseId')),
      mustReach(context, idIn('caseId'), reachOf(asker)),
    ])
    return { items }
  })
}

/** What is out of somebody's reach is not there for them: its number tells nothing. */
async function mustReach(
  { db }: ConsoleContext,
  caseId: string,
  reach: Reach,
): Promise<CaseListRow> {
  const row = await findReached(db, { caseId, reach })
  if (row === null) throw new Problem('resource.not_found', `there is no case ${caseId}`, 'caseId')
  return row
}
