import { formatLocalDate, required } from '@dunlin/kernel'
import { listPlansOfCase } from '../agreements/plan-store.ts'
import { readAgreement } from '../agreements/write-agreement.ts'
import { findCaseFacts } from '../case-store.ts'
import type { Work } from '../context.ts'
import { withDay } from '../find-case.ts'
import { foldCase } from '../ledgers.ts'
import { listMatters } from '../matters/matter-store.ts'
import { readMatter } from '../matters/read-matter.ts'
import { listPromisesOfCase } from '../promises/promise-store.ts'
import { readLedgers } from '../read-ledgers.ts'

/** Matters of one case that a file holds at most; nobody has raised so many. */
const MATTERS_MAX = 1_000

export type Solutions = {
  /** By the name of their file. Days are numbers since 1970-01-01 where the ledger keeps them so. */
  readonly documents: Readonly<Record<string, unknown>>
  readonly agreements: readonly { readonly planId: string; readonly pdf: Buffer }[]
}

/** Everything that `plans` knows of a case, words opened: contracts with their ledger, promises, plans, matters. */
export async function collectSolutions(
  { tx, sealer, at }: Pick<Work, 'tx' | 'sealer' | 'at'>,
  caseId: string,
): Promise<Solutions> {
  const found = withDay(required(await findCaseFacts(tx, caseId), `case ${caseId}`), at)
  const ledgers = await readLedgers(tx, found)
  const numbers = { asOf: formatLocalDate(found.today), ...foldCase(ledgers, found.today) }
  const filter = { after: '0', limit: MATTERS_MAX, caseId, kind: null, state: null, owner: null }
  const matters = []
  for (const { matterId } of await listMatters(tx, {
    ...filter,
    overdueOn: null,
    isUntold: false,
  })) {
    const matter = await readMatter(tx, sealer, matterId)
    if (matter === null) continue
    const { sealedText: _sealed, ...shown } = matter
    matters.push(shown)
  }
  const plans = await listPlansOfCase(tx, caseId)
  const agreements = []
  for (const { borrowerId, planId } of plans) {
    const agreement = await readAgreement(tx, sealer, { borrowerId, planId })
    if (agreement !== null) agreements.push({ planId, pdf: agreement.pdf })
  }
  const promises = await listPromisesOfCase(tx, caseId)
  return {
    documents: { case: { ...found, numbers }, contracts: ledgers, promises, plans, matters },
    agreements,
  }
}
