import { PORTAL } from '@dunlin/contract'
import { formatLocalDate } from '@dunlin/kernel'
import { appealMatter, listMatters, openMatter, readMatter } from '../../plans/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { BORROWER, type PortalContext } from '../context.ts'
import { granted, serveAct, serveRead } from '../serve.ts'
import { findMatterBorrower } from './choice-store.ts'

/** Whose work it is until somebody takes it. */
const OWNER = 'portal'
const MATTERS_MAX = 100

/** Hardship, dispute, complaint and the like: contact is held when this answers, and somebody owes an answer. */
export function routeMatters(app: App, context: PortalContext): void {
  const { db, sealer } = context
  serveAct({ app, context }, PORTAL.raiseMatter, async ({ visitor, work, body }) => {
    const opened = granted(
      await openMatter(work, BORROWER, {
        ...{ caseId: visitor.caseId, kind: body.kind, text: body.text, loanNo: body.loanNo },
        ...{ channel: 'portal', raisedBy: 'borrower', partyId: null, owner: OWNER, documents: [] },
      }),
    )
    return { id: opened.matterId, dueOn: opened.dueOn }
  })
  serveAct({ app, context }, PORTAL.appeal, async ({ visitor, work, body }) => {
    if ((await findMatterBorrower(work.tx, body.id)) !== visitor.borrowerId)
      throw new Problem('resource.not_found', 'there is no such matter', 'id')
    const given = { matterId: body.id, text: body.text, owner: null }
    return { dueOn: granted(await appealMatter(work, BORROWER, given)).dueOn }
  })
  serveRead({ app, context }, PORTAL.readMatters, async ({ visitor }) => {
    const filter = {
      after: '0',
      kind: null,
      state: null,
      owner: null,
      overdueOn: null,
      isUntold: false,
    }
    const found = await listMatters(db, { ...filter, caseId: visitor.caseId, limit: MATTERS_MAX })
    const matters = []
    for (const { matterId } of found.toReversed()) {
      const file = await readMatter(db, sealer, matterId)
      if (file === null) continue
      const decision = file.steps.findLast(({ kind }) => kind === 'decided')
      matters.push({
        ...{ id: matterId, kind: file.kind, state: file.state, outcome: file.outcome },
        ...{ text: file.text, reasons: decision?.text ?? null },
        receivedOn: formatLocalDate(file.receivedOn),
        dueOn: formatLocalDate(file.dueOn),
        appealUntilOn: file.appealUntilOn === null ? null : formatLocalDate(file.appealUntilOn),
      })
    }
    return { matters }
  })
}
