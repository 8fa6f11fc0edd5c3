import type { EpochDay } from '@dunlin/kernel'
import { foldLoan, type LineState } from '../../loanbook/index.ts'
import type { CaseLedger } from '../ledgers.ts'
import type { ByComponent } from '../model/authority.ts'

/** What a plan is about: what is due by now, or all that is outstanding. */
export type Scope = 'arrears' | 'outstanding'

export type ScopeLine = LineState & { readonly loanId: string }

/** What a case owes at the close of a day: every open line over all loans, and the credit beside. */
export type Debt = {
  readonly asOf: EpochDay
  /** Oldest first, those without a date last. */
  readonly lines: readonly ScopeLine[]
  readonly creditMinor: bigint
}

export function readDebt(ledgers: readonly CaseLedger[], asOf: EpochDay): Debt {
  const states = ledgers.map(({ loanId, product, events }) => ({
    loanId,
    state: foldLoan({ product, events, asOf }),
  }))
  const lines = states
    .flatMap(({ loanId, state }) => state.lines.map((line) => ({ ...line, loanId })))
    .filter(({ outstandingMinor }) => outstandingMinor > 0n)
    .sort((a, b) => byDay(a.dueOn, b.dueOn))
  const creditMinor = states.reduce((sum, { state }) => sum + state.creditMinor, 0n)
  return { asOf, lines, creditMinor }
}

function byDay(a: EpochDay | null, b: EpochDay | null): number {
  if (a === b) return 0
  if (a === null) return 1
  return b === null ? -1 : a - b
}

/** The open lines of a scope. */
export function linesInScope({ lines, asOf }: Debt, scope: Scope): readonly ScopeLine[] {
  if (scope === 'outstanding') return lines
  return lines.filter(({ dueOn }) => dueOn !== null && dueOn <= asOf)
}

/** What is owed in a scope: by component, and in all less the credit that will pay a part of it. */
export function owedBy(debt: Debt, scope: Scope): { owed: ByComponent; owedMinor: bigint } {
  const lines = linesInScope(debt, scope)
  const owed = lines.reduce<ByComponent>(
    (sum, { outstanding }) => [
      sum[0] + outstanding[0],
      sum[1] + outstanding[1],
      sum[2] + outstanding[2],
      sum[3] + outstanding[3],
    ],
    [0n, 0n, 0n, 0n],
  )
  const all = lines.reduce((sum, { outstandingMinor }) => sum + outstandingMinor, 0n)
  const credit = scope === 'arrears' ? 0n : debt.creditMinor
  return { owed, owedMinor: all > credit ? all - credit : 0n }
}
