import { localDay, required, zoneNamed } from '@dunlin/kernel'
import { type LedgerEvent, lockBorrowers, recordLedgerEvents } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { IncentivesContext } from './context.ts'
import { changed } from './grant-incentives.ts'
import {
  findLoanOfWaiver,
  findWaivableLoan,
  type Grant,
  type GrantChange,
  readGrant,
  updateGrant,
} from './grant-store.ts'

/** Waives what a grant is over, on a loan that owes it; the event and the mark are one transaction. */
export function waive(context: IncentivesContext, seen: Grant): Promise<void> {
  return withGrant(context, seen, async (tx, grant) => {
    if (grant.state !== 'granted') return null
    const loan = await findWaivableLoan(tx, grant)
    if (loan === null) return { state: 'failed', failure: 'nothing is owed that could be waived' }
    const at = context.clock.now()
    const waivedEventNo = `incentive/${grant.grantId}/${at}`
    const event: LedgerEvent = {
      ...{ id: waivedEventNo, kind: 'waived', recordedAt: at, component: null, seq: null },
      ...{ amountMinor: grant.amountMinor, effectiveOn: dayOf(loan.zone, at) },
    }
    await record(tx, context, { loan, event })
    return { state: 'paid', waivedLoanId: loan.loanId, waivedEventNo, paidAt: at }
  })
}

/** Takes a waiver back: its promise is not kept any more. */
export function unwaive(context: IncentivesContext, seen: Grant): Promise<void> {
  return withGrant(context, seen, async (tx, grant) => {
    if (grant.state !== 'withdrawing') return null
    const { borrowerId, waivedEventNo, waivedLoanId } = grant
    const loanId = required(waivedLoanId, 'waived loan')
    const reverses = required(waivedEventNo, 'waived event')
    const loan = required(await findLoanOfWaiver(tx, { borrowerId, loanId }), 'loan')
    const at = context.clock.now()
    const event: LedgerEvent = {
      ...{ id: `${reverses}/back`, kind: 'reversed', recordedAt: at, reverses },
      effectiveOn: dayOf(loan.zone, at),
    }
    await record(tx, context, { loan, event })
    return { state: 'withdrawn', waivedLoanId: null, waivedEventNo: null, paidAt: null }
  })
}

async function withGrant(
  { db, clock, reactions }: IncentivesContext,
  seen: Grant,
  work: (tx: Tx, grant: Grant) => Promise<GrantChange | null>,
): Promise<void> {
  await db.transaction(async (tx) => {
    await lockBorrowers(tx, [seen.borrowerId])
    const grant = required(await readGrant(tx, seen.grantId), 'grant')
    const change = await work(tx, grant)
    if (change === null) return
    // The ledger may tell the promise something that changes the grant: then nothing of this is done.
    const now = required(await readGrant(tx, seen.grantId), 'grant')
    if (now.state !== grant.state) throw new Error(`grant ${now.grantId} is ${now.state} meanwhile`)
    const at = clock.now()
    await updateGrant(tx, now, { change, at })
    await reactions.publish(tx, [changed(now, change.state)], at)
  })
}

function dayOf(zone: string, at: number): ReturnType<typeof localDay> {
  return localDay(required(zoneNamed(zone), zone), at)
}

async function record(
  tx: Tx,
  { reactions, clock }: IncentivesContext,
  { loan, event }: { loan: { portfolio: string; loanNo: string }; event: LedgerEvent },
): Promise<void> {
  const { portfolio, loanNo } = loan
  const given = { tx, reactions, portfolio, loanNo, events: [event] }
  const recorded = await recordLedgerEvents({ ...given, source: 'incentive', at: clock.now() })
  if (!recorded.ok) throw new Error(`${recorded.refusal.code}: ${recorded.refusal.detail}`)
}
