export * from './import/index.ts'
export { createImporter, type Importer, type ImportStarted, type Staged } from './importer.ts'
export {
  type LoanEvents,
  lockBorrowers,
  readEvents as readLoanEvents,
  tellFolds,
} from './ledger-store.ts'
export * from './model/index.ts'
export { paymentLedger } from './payment-ledger.ts'
export { openPerson } from './person.ts'
export { type Recorded, type RecordRefusal, recordLedgerEvents } from './record-ledger-events.ts'
export { refoldDueLoans } from './refold-loans.ts'
