export { type Fold, foldLoan } from './fold-loan.ts'
export {
  type ByComponent,
  COMPONENTS,
  type Component,
  type LedgerEvent,
} from './ledger-event.ts'
export { ageLoan, dpdOn, isSameEvent, type LoanRow } from './loan-row.ts'
export {
  daysPastDue,
  type LineState,
  type LoanState,
  type LoanStatus,
  stageOf,
} from './loan-state.ts'
export { type EventRefusal, parseLedgerEvent } from './parse-ledger-event.ts'
export {
  DEFAULT_STAGES,
  type ProductOptions,
  parseProductOptions,
  productOptions,
  type StageRange,
} from './product-options.ts'
export { checkVector, type VectorFailure } from './vector.ts'
