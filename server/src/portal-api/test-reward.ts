import { epochDay, localDay, required, zoneNamed } from '@dunlin/kernel'
import { approveRule, type NewRule, proposeRule } from '../incentives/index.ts'
import { recordLedgerEvents } from '../loanbook/index.ts'
import { caseOf } from '../open-api/test-api.ts'
import { recordPromise } from '../plans/index.ts'
import type { Portal } from './test-portal.ts'

const RULE: NewRule = {
  ...{ portfolio: 'main', name: 'kept', kind: 'waiver', sceneId: null, currency: 'CNY' },
  ...{ amountMinor: 500n, budgetMinor: 5_000n, promiseFromMinor: 0n, proposedBy: 'ann' },
  ...{ fromOn: '2026-06-01', untilOn: '2026-12-31' },
  ...{ activity: '按时还款奖励', reward: '按约定日期还款' },
}

/** A promise of a borrower that was kept while a rule gave something for it. */
export async function aReward(
  { db, reactions, clock }: Portal,
  given: { readonly borrowerNo: string; readonly loanNo: string },
): Promise<void> {
  const at = clock.now()
  const today = localDay(required(zoneNamed('Asia/Shanghai'), 'zone'), at)
  const caseId = await caseOf(db, given.borrowerNo)
  await db.transaction(async (tx) => {
    const rule = await proposeRule(tx, RULE, at)
    const ruleId = rule.ok ? rule.value : ''
    for (const by of ['ann', 'ben']) await approveRule(tx, { ruleId, by, at })
    await recordPromise(
      { tx, reactions, at },
      {
        ...{ caseId, currency: 'CNY', source: 'portal', attemptId: null, isReadBack: false },
        ...{ graceDays: 0, keepsAtPercent: 100 },
        parts: [{ dueOn: epochDay(today + 3), amountMinor: 1_000n }],
      },
    )
  })
  await pay({ db, reactions, clock }, { ...given, id: 'kept', kind: 'paid', amountMinor: 1_000n })
}

/** The payment that kept it is taken back. */
export async function takeBack(portal: Portal, loanNo: string): Promise<void> {
  await pay(portal, { loanNo, id: 'back', kind: 'reversed', reverses: 'kept' })
}

type Booked =
  | { readonly kind: 'paid'; readonly amountMinor: bigint }
  | { readonly kind: 'reversed'; readonly reverses: string }

async function pay(
  { db, reactions, clock }: Pick<Portal, 'db' | 'reactions' | 'clock'>,
  { loanNo, ...event }: Booked & { readonly loanNo: string; readonly id: string },
): Promise<void> {
  const at = clock.now()
  const effectiveOn = localDay(required(zoneNamed('Asia/Shanghai'), 'zone'), at)
  const events = [{ ...event, effectiveOn, recordedAt: at }]
  await db.transaction((tx) =>
    recordLedgerEvents({ tx, reactions, portfolio: 'main', loanNo, events, source: 'test', at }),
  )
}
