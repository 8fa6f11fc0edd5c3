import { epochDay, localDay, maskName, required, zoneNamed } from '@dunlin/kernel'
import { z } from 'zod'
import { dpdOn } from '../../loanbook/index.ts'
import type { ApiContext } from '../context.ts'
import type { CaseRow } from '../open-api-store.ts'

export const caseResponse = z.object({
  id: z.string(),
  borrowerNo: z.string(),
  /** Masked: a full name needs a role and a reason. */
  name: z.string(),
  portfolio: z.string(),
  currency: z.string(),
  state: z.string(),
  stage: z.string().nullable(),
  dpd: z.number().int(),
  arrearsMinor: z.number().int(),
  nextDueOn: z.string().nullable(),
  nextDueMinor: z.number().int(),
  openedOn: z.string(),
  closedOn: z.string().nullable(),
  closeReason: z.string().nullable(),
  nextStep: z.string().nullable(),
  nextStepOn: z.string().nullable(),
})
export type CaseResponse = z.infer<typeof caseResponse>

const personSchema = z.object({ name: z.string() })
const ZONE = 'Asia/Shanghai'

export function toResponse(row: CaseRow, { sealer, clock }: ApiContext): CaseResponse {
  const today = localDay(required(zoneNamed(ZONE), ZONE), clock.now())
  const agesFromOn = row.ages_from_days === null ? null : epochDay(row.ages_from_days)
  return {
    id: row.case_id,
    borrowerNo: row.borrower_no,
    name: maskName(personSchema.parse(JSON.parse(sealer.open(row.sealed))).name),
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
