import { PORTAL } from '@dunlin/contract'
import { formatLocalDate, required } from '@dunlin/kernel'
import {
  acceptPlan,
  countCodeTry,
  findOffers,
  findPlan,
  listPlansOfCase,
  type ProposedTerms,
  proposePlan,
  readAgreement,
  recordStatement,
  type StoredPlan,
  sendPlanCode,
} from '../../plans/index.ts'
import type { Sql } from '../../platform/db/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import { BORROWER, type PortalContext } from '../context.ts'
import { granted, serveAct, serveRead } from '../serve.ts'
import { lastCode } from '../session/enter.ts'
import { listOwnPoints, type Visitor } from '../session/session-store.ts'

const done = { done: true } as const
const REASON = 'chosen by the borrower in the portal'

/** A plan that fits: what a household has and needs, offers that follow from it, the borrower's choice and word. */
export function routePlans(app: App, context: PortalContext): void {
  serveAct({ app, context }, PORTAL.recordStatement, async ({ visitor, work, body }) => {
    const { adults, children, incomeMinor } = body
    const spent = {
      food: 0n,
      clothing: 0n,
      household: 0n,
      transport: 0n,
      education: 0n,
      health: 0n,
    }
    granted(
      await recordStatement(work, BORROWER, {
        ...{ caseId: visitor.caseId, currency: visitor.currency, evidence: [] },
        incomes: { stated: BigInt(incomeMinor) },
        availableMinor: BigInt(body.availableMinor),
        household: {
          ...{ adults, children, incomeMinor: BigInt(incomeMinor) },
          otherDebtsMinor: BigInt(body.otherDebtsMinor),
          // Few questions: the norms of the country stand in for what is not asked.
          expensesMinor: {
            ...spent,
            housing: BigInt(body.housingMinor),
            other: BigInt(body.livingMinor),
          },
        },
      }),
    )
    return done
  })
  routeOffers(app, context)
  routeAcceptance(app, context)
}

function routeOffers(app: App, context: PortalContext): void {
  const { db } = context
  serveRead({ app, context }, PORTAL.readOffers, async ({ visitor, at }) => {
    const { caseId, currency } = visitor
    const found = await db.transaction((tx) =>
      findOffers({ tx, at }, BORROWER, { caseId, statementId: null }),
    )
    if (!found.ok) {
      const isHeld = found.refusal.code === 'plan.held'
      return { currency, affordableMinor: null, offers: [], isHeld }
    }
    const { means, offers } = found.value
    return {
      currency,
      affordableMinor: means === null ? null : Number(means.affordableMinor),
      offers: offers
        .filter(isForBorrower)
        .map(({ terms }) => ({ ...toTerms(terms), key: keyOf(terms) })),
      isHeld: false,
    }
  })
  serveAct({ app, context }, PORTAL.choosePlan, async ({ visitor, work, body }) => {
    const { caseId, currency } = visitor
    // Found anew: what the browser was shown is not what counts.
    const { offers } = granted(await findOffers(work, BORROWER, { caseId, statementId: null }))
    const chosen = offers.filter(isForBorrower).find(({ terms }) => keyOf(terms) === body.key)
    if (chosen === undefined)
      throw new Problem('plan.not_on_offer', 'the offers have changed: look at them again', 'key')
    const { kind, scope, parts, waived } = chosen.terms
    const firstDueOn = required(parts[0], 'first part').dueOn
    const terms = { kind, scope, waived, firstDueOn, count: parts.length }
    const asked = { ...terms, caseId, currency, statementId: null, reason: REASON }
    const { planId } = granted(await proposePlan(work, BORROWER, asked))
    const plan = required(await findPlan(work.tx, planId), `plan ${planId}`)
    return toPlan({ sql: work.tx, context }, plan)
  })
  serveRead({ app, context }, PORTAL.readPlans, async ({ visitor }) => {
    const { caseId, currency } = visitor
    const plans = (await listPlansOfCase(db, caseId)).filter(
      ({ state }) => state !== 'awaiting-approval' && state !== 'declined',
    )
    return {
      currency,
      plans: await Promise.all(plans.map((plan) => toPlan({ sql: db, context }, plan))),
    }
  })
}

function routeAcceptance(app: App, context: PortalContext): void {
  const { db, gate } = context
  serveAct({ app, context }, PORTAL.sendPlanCode, async ({ visitor, work, body, idIn }) => {
    const plan = await mustOwn(work.tx, visitor, idIn('id'))
    const kind = body.channel === 'sms' ? 'phone' : 'email'
    const points = await listOwnPoints(work.tx, visitor.borrowerId)
    const point = points.find((each) => each.kind === kind)
    if (point === undefined) throw new Problem('plan.no_point', `there is no ${kind} of yours`)
    const asked = { planId: plan.planId, channel: body.channel, contactPointId: point.id }
    granted(await sendPlanCode(work, gate, asked))
    return { masked: point.masked }
  })
  serveAct(
    { app, context },
    PORTAL.acceptPlan,
    async ({ visitor, work, body, idIn }) => {
      const { planId } = await mustOwn(work.tx, visitor, idIn('id'))
      granted(await acceptPlan(work, { ...body, planId }))
      return done
    },
    async ({ visitor, idIn }) => {
      // Before the transaction that a wrong code undoes: tries are counted for good.
      const { planId } = await mustOwn(db, visitor, idIn('id'))
      await countCodeTry(db, planId)
    },
  )
  if (context.isDemo)
    serveRead({ app, context }, PORTAL.demoPlanCode, async ({ visitor }) => ({
      code: visitor.isDemo ? await lastCode(context, visitor.borrowerId) : null,
    }))
}

/** A plan of the visitor's; the same problem for another's and for none. */
export async function mustOwn(
  sql: Sql,
  { borrowerId }: Visitor,
  planId: string,
): Promise<StoredPlan> {
  const plan = await findPlan(sql, planId)
  if (plan?.borrowerId !== borrowerId)
    throw new Problem('resource.not_found', 'there is no such plan', 'id')
  return plan
}

type Shown = { readonly terms: ProposedTerms; readonly needsApproval: boolean }

/** What may be agreed without anybody's leave; forgiving is for people to decide. */
function isForBorrower({ terms, needsApproval }: Shown): boolean {
  return !needsApproval && terms.kind !== 'settlement'
}

function keyOf({ kind, scope, parts }: ProposedTerms): string {
  return `${kind} ${scope} ${parts.length}`
}

type Terms = Pick<ProposedTerms, 'kind' | 'scope' | 'parts' | 'waived'>

function toTerms({ kind, scope, parts, waived }: Terms) {
  return {
    ...{ kind, scope },
    amountMinor: Number(parts.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)),
    interestMinor: Number(parts.reduce((sum, { interestMinor }) => sum + interestMinor, 0n)),
    waivedMinor: Number(waived.reduce((sum, each) => sum + each, 0n)),
    parts: parts.map(({ dueOn, amountMinor, interestMinor }) => ({
      dueOn: formatLocalDate(dueOn),
      amountMinor: Number(amountMinor),
      interestMinor: Number(interestMinor),
    })),
  }
}

async function toPlan({ sql, context }: { sql: Sql; context: PortalContext }, plan: StoredPlan) {
  const agreement = await readAgreement(sql, context.sealer, plan)
  return {
    ...toTerms(plan),
    ...{ id: plan.planId, state: plan.state, offerUntilOn: formatLocalDate(plan.offerUntilOn) },
    agreementSha256: agreement?.sha256 ?? '',
  }
}
