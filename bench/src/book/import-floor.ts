import {
  copyLoans,
  createLoanStaging,
} from '../../../server/src/loanbook/import/loan-import-store.ts'
import { openRows, type Raw } from '../../../server/src/loanbook/import/read-rows.ts'
import type { Database, Tx } from '../../../server/src/platform/db/index.ts'
import { copyLine } from '../../../server/src/platform/db/index.ts'
import type { Sealer } from '../../../server/src/platform/seal/index.ts'

// The least an import must do: parse, seal, hash, COPY, and four INSERT … SELECT. Nothing is checked.

const AS_OF = '2026-06-01'

/** Loads the bench's own loan file, whose columns and values are known to be good. */
export async function floorImport(db: Database, sealer: Sealer, file: string): Promise<void> {
  const { batches } = await openRows(file)
  await db.transaction(async (tx) => {
    await createLoanStaging(tx)
    for await (const batch of batches) {
      await copyLoans(
        tx,
        batch.map((raw) => copyLine(stage(sealer, raw))),
      )
    }
    await insertAll(tx)
  })
}

function stage(sealer: Sealer, { line, cells }: Raw) {
  const [loanNo = '', borrowerNo = '', name = '', idNo = '', phone = '', email = ''] = cells
  const [
    principal = '',
    overdue = '',
    interest = '',
    ,
    oldest = '',
    disbursed = '',
    total = '',
    paid = '',
  ] = cells.slice(6)
  return [
    line,
    loanNo,
    borrowerNo,
    sealer.seal(JSON.stringify({ name, idNo })),
    sealer.salt(),
    sealer.hash('id_no', idNo),
    sealer.hash('person', name + idNo),
    null,
    '{Asia/Shanghai}',
    'zh-CN',
    sealer.seal(phone),
    sealer.hash('phone', phone),
    '199****0000',
    sealer.seal(email),
    sealer.hash('email', email),
    'b***@example.com',
    null,
    true,
    sealer.hash('row', cells.join('\u001f')),
    AS_OF,
    minorOf(principal),
    minorOf(overdue),
    minorOf(interest),
    '0',
    '0',
    oldest === '' ? null : oldest,
    disbursed,
    null,
    total,
    paid,
  ]
}

function minorOf(amount: string): string {
  return amount === '' ? '0' : amount.replace('.', '')
}

async function insertAll(tx: Tx): Promise<void> {
  await tx.run(
    `insert into borrower (lender, borrower_no, sealed, key_salt, id_no_hash, person_hash, country, region, zones, language)
     select distinct on (borrower_no) '示例消费金融', borrower_no, sealed, key_salt, id_no_hash, person_hash, 'CN', region, zones,
       language from staging_loan order by borrower_no, line`,
  )
  await tx.run(
    `insert into contact_point (borrower_id, kind, sealed, value_hash, masked, source)
     select b.borrower_id, p.kind, p.sealed, p.hash, p.masked, 'contract'
     from (select distinct on (borrower_no) * from staging_loan order by borrower_no, line) s
     join borrower b on b.lender = '示例消费金融' and b.borrower_no = s.borrower_no
     cross join lateral (values ('phone', s.phone_sealed, s.phone_hash, s.phone_masked),
       ('email', s.email_sealed, s.email_hash, s.email_masked)) p(kind, sealed, hash, masked)`,
  )
  await tx.run(
    `insert into loan (borrower_id, portfolio_id, loan_no, currency, disbursed_on, instalments_total, instalments_paid, row_hash,
       snapshot_on, folded_on, status, oldest_unpaid_due_on, ages_from_on, arrears_principal_minor, arrears_interest_minor,
       outstanding_minor)
     select b.borrower_id, 1, s.loan_no, 'CNY', s.disbursed_on, s.instalments_total, s.instalments_paid, s.row_hash, s.as_of, s.as_of,
       'overdue', s.oldest_unpaid_due_on, s.oldest_unpaid_due_on, s.overdue_principal, s.overdue_interest, s.principal_outstanding
     from staging_loan s join borrower b on b.lender = '示例消费金融' and b.borrower_no = s.borrower_no`,
  )
  await tx.run(
    `insert into ledger_event (borrower_id, loan_id, event_no, kind, effective_on, recorded_at, principal_minor, interest_minor,
       fee_minor, penalty_minor, overdue_principal_minor, oldest_unpaid_due_on, credit_minor)
     select l.borrower_id, l.loan_id, 'snapshot-' || s.as_of || '-1', 'snapshot', s.as_of, now(), s.principal_outstanding,
       s.overdue_interest, 0, 0, s.overdue_principal, s.oldest_unpaid_due_on, 0
     from staging_loan s join loan l on l.portfolio_id = 1 and l.loan_no = s.loan_no`,
  )
}
