import type { offersResponse, PlanRequest, PlanResponse, previewResponse } from '@dunlin/contract'
import { type EpochDay, formatLocalDate, parseLocalDate } from '@dunlin/kernel'
import type { z } from 'zod'
import {
  adherenceOf,
  type CaseLedger,
  type EffectDraft,
  factsOf,
  type PlanAsked,
  type PlanPreview,
  type ProposedTerms,
  readAgreement,
  readLedgers,
  type StoredPlan,
  type Work,
} from '../../plans/index.ts'
import { Problem } from '../../platform/http/index.ts'

type Offer = z.infer<typeof offersResponse>['offers'][number]
type Preview = z.infer<typeof previewResponse>['preview']

/** Terms of an offer or a plan, as callers see them. */
export function toTerms(
  terms: Omit<ProposedTerms, 'owed'>,
  currency: string,
): Omit<Offer, 'needsApproval' | 'preview'> {
  const [fee, penalty, interest, principal] = terms.waived
  const sum = (pick: (part: ProposedTerms['parts'][number]) => bigint): number =>
    Number(terms.parts.reduce((total, part) => total + pick(part), 0n))
  return {
    ...{ kind: terms.kind, scope: terms.scope, currency, owedMinor: Number(terms.owedMinor) },
    amountMinor: sum(({ amountMinor }) => amountMinor),
    interestMinor: sum(({ interestMinor }) => interestMinor),
    waivedMinor: Number(fee + penalty + interest + principal),
    waived: {
      feeMinor: Number(fee),
      penaltyMinor: Number(penalty),
      interestMinor: Number(interest),
      principalMinor: Number(principal),
    },
    parts: terms.parts.map(({ dueOn, amountMinor, interestMinor }, index) => ({
      ...{ seq: index + 1, dueOn: formatLocalDate(dueOn) },
      ...{ amountMinor: Number(amountMinor), interestMinor: Number(interestMinor) },
    })),
  }
}

export function toPreview(preview: PlanPreview, ledgers: readonly CaseLedger[]): Preview {
  const { effect, now, accepted, kept, drafts } = preview
  const numbers = ({ asOf, dpd, ...amounts }: PlanPreview['now']) => ({
    ...{ asOf: formatLocalDate(asOf), dpd, arrearsMinor: Number(amounts.arrearsMinor) },
    outstandingMinor: Number(amounts.outstandingMinor),
    creditMinor: Number(amounts.creditMinor),
  })
  const loanNos = new Map(ledgers.map(({ loanId, loanNo }) => [loanId, loanNo]))
  const toEvent = ({ loanId, event }: EffectDraft) => ({
    ...{ loanNo: loanNos.get(loanId) ?? '', kind: event.kind, effectiveOn: event.effectiveOn },
    ...{ amountMinor: event.amountMinor ?? null, seq: event.seq ?? null },
    ...{ toOn: event.toOn ?? event.dueOn ?? null, untilOn: event.untilOn ?? null },
  })
  return {
    ...{ effect, now: numbers(now), accepted: numbers(accepted), kept: numbers(kept) },
    events: drafts.map(toEvent),
  }
}

/** A plan with how far it is today, by the ledger. */
export async function toPlan(
  { tx, sealer, at }: Pick<Work, 'tx' | 'sealer' | 'at'>,
  plan: StoredPlan,
): Promise<PlanResponse> {
  const adherence = adherenceOf(plan, factsOf(plan, await readLedgers(tx, plan), at))
  const agreement = await readAgreement(tx, sealer, plan)
  const { parts, ...terms } = toTerms(plan, plan.currency)
  const runs = plan.state === 'active'
  return {
    ...terms,
    ...{ id: plan.planId, caseId: plan.caseId, state: plan.state, effect: plan.effect },
    parts: parts.map((part, index) => ({ ...part, state: adherence.parts[index] ?? 'open' })),
    ...{ graceDays: plan.graceDays, brokenAfterParts: plan.brokenAfterParts, reason: plan.reason },
    ...{ proposedBy: plan.proposedBy, proposedAt: plan.proposedAt, approvedBy: plan.approvedBy },
    ...{ acceptedAt: plan.acceptedAt, acceptedBy: plan.acceptedBy, endReason: plan.endReason },
    offerUntilOn: formatLocalDate(plan.offerUntilOn),
    paidMinor: Number(adherence.paidMinor),
    nextDueOn: runs && adherence.next !== null ? formatLocalDate(adherence.next.dueOn) : null,
    nextDueMinor: runs ? Number(adherence.next?.amountMinor ?? 0n) : 0,
    earlySettlementMinor: runs ? Number(adherence.toCompleteMinor) : null,
    agreement: { sha256: agreement?.sha256 ?? '', bytes: agreement?.pdf.length ?? 0 },
  }
}

export function fromPlanRequest(body: PlanRequest): PlanAsked {
  const { caseId, kind, scope, currency, count, waive, statementId, reason } = body
  const waived = [
    waive?.feeMinor ?? 0,
    waive?.penaltyMinor ?? 0,
    waive?.interestMinor ?? 0,
    waive?.principalMinor ?? 0,
  ] as const
  return {
    ...{ caseId, kind, scope, currency, count, reason, statementId: statementId ?? null },
    firstDueOn: dayOf(body.firstDueOn),
    waived: [BigInt(waived[0]), BigInt(waived[1]), BigInt(waived[2]), BigInt(waived[3])],
  }
}

function dayOf(text: string): EpochDay {
  const day = parseLocalDate(text)
  if (day === null) throw new Problem('request.invalid', 'there is no such day', 'firstDueOn')
  return day
}
