import { formatInstant, formatLocalDate } from '@dunlin/kernel'
import { type CopyValue, copyLine } from '../../platform/db/index.ts'
import { type Counts, type ImportRun, type Loader, readRow, rejectLines } from './import-run.ts'
import {
  copyLoans,
  createLoanStaging,
  findRowHashes,
  hasLoans,
  insertContactPoints,
  insertSnapshots,
  refoldOlder,
  takeDuplicateLoans,
  takeMovedLoans,
  upsertBorrowers,
  upsertLoans,
} from './loan-import-store.ts'
import { type LoanRow, maskPoint, materialOf, readLoan } from './read-loan.ts'
import type { Row } from './row.ts'

/**
 * Loads snapshots. A row whose keyed hash is the stored one is left alone before anything of it is
 * sealed; the others go, sealed, through a staging table and are applied set by set.
 */
export async function loadLoans(run: ImportRun): Promise<Loader> {
  await createLoanStaging(run.tx)
  const isFresh = !(await hasLoans(run.tx, run.portfolio.portfolioId))
  let unchanged = 0
  let staged = 0
  return {
    take: async (rows) => {
      const loans = rows.flatMap(
        (row: Row) => readRow(run, row, (given) => readLoan(run, given)) ?? [],
      )
      const stored = isFresh ? new Map<string, Buffer>() : await findRowHashes(run, loans)
      const lines: string[] = []
      for (const loan of loans) {
        const material = materialOf(loan)
        const rowHash = run.sealer.hash('row', material.row)
        if (stored.get(loan.loanNo)?.equals(rowHash) === true) unchanged += 1
        else lines.push(copyLine(stage(run, loan, { rowHash, person: material.person })))
      }
      staged += lines.length
      if (lines.length > 0) await copyLoans(run.tx, lines)
    },
    finish: async () => {
      const applied = await applyLoans(run, staged)
      return { ...applied, unchanged: unchanged + applied.unchanged }
    },
  }
}

/** The staging row: sealed, hashed and masked values only, never plain personal data. */
function stage(
  run: ImportRun,
  loan: LoanRow,
  { rowHash, person }: { rowHash: Buffer; person: string },
): CopyValue[] {
  const { sealer } = run
  const { overdue } = loan
  return [
    loan.line,
    loan.loanNo,
    loan.borrowerNo,
    sealer.seal(JSON.stringify({ name: loan.name, idNo: loan.idNo })),
    sealer.salt(),
    loan.idNo === '' ? null : sealer.hash('id_no', loan.idNo),
    sealer.hash('person', person),
    loan.region === '' ? null : loan.region,
    `{${loan.zones.join(',')}}`,
    loan.language,
    ...stagePoint(run, 'phone', loan.phone),
    ...stagePoint(run, 'email', loan.email),
    loan.productId,
    loan.isPlainProduct,
    rowHash,
    formatLocalDate(loan.asOf),
    loan.principalOutstanding,
    overdue.principal,
    overdue.interest,
    overdue.penalty,
    overdue.fee,
    loan.oldestUnpaidDueOn === null ? null : formatLocalDate(loan.oldestUnpaidDueOn),
    loan.disbursedOn === null ? null : formatLocalDate(loan.disbursedOn),
    loan.maturityOn === null ? null : formatLocalDate(loan.maturityOn),
    loan.instalmentsTotal,
    loan.instalmentsPaid,
  ]
}

function stagePoint(run: ImportRun, kind: 'phone' | 'email', value: string | null): CopyValue[] {
  if (value === null) return [null, null, null]
  return [run.sealer.seal(value), run.sealer.hash(kind, value), maskPoint(kind, value)]
}

async function applyLoans(run: ImportRun, staged: number): Promise<Counts> {
  const { tx, portfolio, jobId } = run
  const repeated = await takeDuplicateLoans(tx)
  rejectLines(run, repeated, {
    code: 'import.duplicate_row',
    column: 'loan_no',
    reason:
      'loan_no appears on another line of this file: only its newest day counts, and only when the lines of that day agree',
  })
  const moved = await takeMovedLoans(tx, portfolio)
  rejectLines(run, moved, {
    code: 'import.borrower_changed',
    column: 'borrower_no',
    reason: 'the loan belongs to another borrower',
  })
  const recordedAt = formatInstant(run.at)
  await upsertBorrowers(tx, portfolio, recordedAt)
  await insertContactPoints(tx, portfolio, recordedAt)
  const { created, changed } = await upsertLoans(tx, portfolio)
  const events = await insertSnapshots(tx, portfolio, { jobId, recordedAt })
  const taken = staged - repeated.length - moved.length
  // An older snapshot is history: it adds to the ledger, and leaves what the loan shows today.
  if (taken > created + changed) await refoldOlder(tx, portfolio)
  return { created, changed: events - created, unchanged: taken - events }
}
