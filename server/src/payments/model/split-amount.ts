import { ok, type Result, refused } from '@dunlin/kernel'

/** What a loan owes, as far as a split needs it. */
export type Owed = {
  readonly loanId: string
  readonly loanNo: string
  readonly arrearsMinor: bigint
  readonly owedMinor: bigint
  readonly oldestUnpaidDueOn: number | null
}
export type Share = { readonly loanId: string; readonly amountMinor: bigint }

/**
 * Splits a sum over loans, to the cent: first what is overdue, of the loan overdue for longest first; then
 * the rest of what is owed in the same order. Within a loan the product's options allocate. Refuses more
 * than is owed.
 */
export function splitAmount(
  loans: readonly Owed[],
  amountMinor: bigint,
): Result<readonly Share[], { readonly owedMinor: bigint }> {
  const owedMinor = loans.reduce((sum, loan) => sum + loan.owedMinor, 0n)
  if (amountMinor <= 0n || amountMinor > owedMinor) return refused({ owedMinor })
  const inOrder = loans.toSorted(byAge)
  const shares = new Map<string, bigint>()
  let left = amountMinor
  const give = (loanId: string, upTo: bigint): void => {
    const part = lesser(left, upTo)
    if (part <= 0n) return
    shares.set(loanId, (shares.get(loanId) ?? 0n) + part)
    left -= part
  }
  for (const loan of inOrder) give(loan.loanId, loan.arrearsMinor)
  for (const loan of inOrder) give(loan.loanId, loan.owedMinor - loan.arrearsMinor)
  return ok(
    inOrder.flatMap(({ loanId }) => {
      const share = shares.get(loanId)
      return share === undefined ? [] : [{ loanId, amountMinor: share }]
    }),
  )
}

function byAge(a: Owed, b: Owed): number {
  const [first, second] = [a.oldestUnpaidDueOn, b.oldestUnpaidDueOn]
  if (first !== second) return (first ?? Number.MAX_VALUE) - (second ?? Number.MAX_VALUE)
  return a.loanNo < b.loanNo ? -1 : 1
}

/** What stays of each share when only `keptMinor` of the whole is kept: the last shares are given back first. */
export function keepOf(shares: readonly bigint[], keptMinor: bigint): bigint[] {
  let left = keptMinor
  return shares.map((share) => {
    const kept = lesser(left, share)
    left -= kept
    return kept
  })
}

function lesser(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}
