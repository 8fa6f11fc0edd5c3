import type { CaseItem } from '@dunlin/contract'
import { epochDay, type Instant, localDay, maskName, required, zoneNamed } from '@dunlin/kernel'
import { dpdOn, openPerson } from '../../loanbook/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import type { Asker } from '../context.ts'
import type { CaseListRow } from './case-list-store.ts'

/** A case as lists show it, on the day that it is where its portfolio is. */
export function toItem(
  row: CaseListRow,
  { sealer, at, asker }: { sealer: Sealer; at: Instant; asker: Asker },
): CaseItem {
  return {
    id: row.case_id,
    borrowerNo: row.borrower_no,
    name: maskedName(sealer, row.sealed),
    portfolio: row.portfolio,
    currency: row.currency,
    state: row.state,
    stage: row.stage,
    dpd: dpdAt(row, at),
    arrearsMinor: asker.roles.every((role) => role === 'agent') ? null : Number(row.arrears_minor),
    openedOn: row.opened_on,
    nextStep: row.next_step,
    nextStepOn: row.next_step_on,
  }
}

/** A borrower's name as everybody may see it. */
export function maskedName(sealer: Sealer, sealed: Buffer): string {
  return maskName(openPerson(sealer, sealed).name)
}

export function dpdAt(
  row: { zone: string; ages_from_days: number | null; held_dpd: number | null },
  at: Instant,
): number {
  const today = localDay(required(zoneNamed(row.zone), row.zone), at)
  const agesFromOn = row.ages_from_days === null ? null : epochDay(row.ages_from_days)
  return dpdOn({ agesFromOn, heldDpd: row.held_dpd }, today)
}
