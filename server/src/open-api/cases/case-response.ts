import type { CaseResponse } from '@dunlin/contract'
import { epochDay, localDay, maskName, required, zoneNamed } from '@dunlin/kernel'
import { dpdOn, openPerson } from '../../loanbook/index.ts'
import type { ApiContext } from '../context.ts'
import type { CaseRow } from '../open-api-store.ts'

/** A case as callers see it, today where its portfolio is. */
export function toResponse(row: CaseRow, { sealer, clock }: ApiContext): CaseResponse {
  const today = localDay(required(zoneNamed(row.zone), row.zone), clock.now())
  const agesFromOn = row.ages_from_days === null ? null : epochDay(row.ages_from_days)
  return {
    id: row.case_id,
    borrowerNo: row.borrower_no,
    name: maskName(openPerson(sealer, row.sealed).name),
    portfolio: row.portfolio,
    currency: row.currency,
    state: row.state,
    stage: row.stage,
    dpd: dpdOn({ agesFromOn, heldDpd: row.held_dpd }, today),
    arrearsMinor: Number(row.arrears_minor),
    nextDueOn: row.next_due_on,
    nextDueMinor: Number(row.next_due_minor),
    openedOn: row.opened_on,
    closedOn: row.closed_on,
    closeReason: row.close_reason,
    nextStep: row.next_step,
    nextStepOn: row.next_step_on,
  }
}
