import { PORTAL, type REWARD_STATES } from '@dunlin/contract'
import { type EpochDay, formatLocalDate } from '@dunlin/kernel'
import type { App } from '../../platform/http/index.ts'
import type { PortalContext } from '../context.ts'
import { serveRead } from '../serve.ts'
import { findTransfer, listRewards, type Reward } from './debt-store.ts'
import { componentsOf, isSettled, type LoanDebt, readDebt } from './read-debt.ts'

/** What is owed to the day, split by loan and component, with every payment. */
export function routeOwed(app: App, context: PortalContext): void {
  const { db, payments } = context
  serveRead({ app, context }, PORTAL.readOwed, async ({ visitor, at }) => {
    const { today, loans } = await readDebt(db, visitor, at)
    const sum = (pick: (loan: LoanDebt) => bigint): number =>
      Number(loans.reduce((total, loan) => total + pick(loan), 0n))
    const merchant = await payments.merchants.find({})
    return {
      asOf: formatLocalDate(today),
      currency: visitor.currency,
      arrearsMinor: sum(({ state }) => state.arrearsMinor),
      outstandingMinor: sum(({ state }) => state.outstandingMinor),
      dpd: Math.max(0, ...loans.map(({ state }) => state.dpd)),
      loans: loans.map(toLoan),
      rewards: (await listRewards(db, visitor)).map(toReward),
      transfer: await findTransfer(db, visitor.portfolioId),
      canPayByWechat: merchant !== null && visitor.currency === 'CNY',
    }
  })
}

const STATE_OF = {
  granted: 'earned',
  placing: 'waiting',
  waiting: 'waiting',
  paid: 'given',
  withdrawing: 'ended',
  withdrawn: 'ended',
  'owed-back': 'kept-though-reversed',
  failed: 'failed',
} as const satisfies Record<Reward['state'], (typeof REWARD_STATES)[number]>

function toReward({ id, kind, amountMinor, currency, reward, state }: Reward) {
  return { id, kind, currency, reward, amountMinor: Number(amountMinor), state: STATE_OF[state] }
}

function toLoan(loan: LoanDebt) {
  const { ledger, state, payments } = loan
  return {
    ...{ loanId: ledger.loanId, loanNo: ledger.loanNo, dpd: state.dpd },
    oldestUnpaidDueOn: dayOrNull(state.oldestUnpaidDueOn),
    arrearsMinor: Number(state.arrearsMinor),
    arrears: componentsOf(state.arrears),
    outstandingMinor: Number(state.outstandingMinor),
    creditMinor: Number(state.creditMinor),
    nextDueOn: dayOrNull(state.nextDueOn),
    nextDueMinor: Number(state.nextDueMinor),
    isSettled: isSettled(loan),
    payments: payments.map(({ eventNo, on, amountMinor, isReversed }) => ({
      ...{ eventNo, isReversed, on: formatLocalDate(on), amountMinor: Number(amountMinor) },
    })),
  }
}

function dayOrNull(day: EpochDay | null): string | null {
  return day === null ? null : formatLocalDate(day)
}
