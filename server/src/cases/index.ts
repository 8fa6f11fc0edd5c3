export { type AssignmentRule, assignCases, type DealRefusal, previewDeal } from './assign-cases.ts'
export { BEFORE, listAssignments } from './assignment-store.ts'
export type { CaseChange, PreDue } from './case-store.ts'
export { listDeals } from './deal-store.ts'
export { type MoveRefusal, moveCase, undoDeal, undoMove } from './move-case.ts'
export { type PlacementRefusal, placeCases, recallDue, recallPlacement } from './place-cases.ts'
export { listAgencies, listPlaceable, listPlacements } from './placement-store.ts'
export { endHold, type Hold, startHold } from './start-hold.ts'
export { type SyncOptions, syncCases, syncCasesToday, syncDueCases } from './sync-cases.ts'
export { wakeCases } from './wake-cases.ts'
export {
  assertLease,
  type Lease,
  type LeaseKey,
  readLease,
  releaseLease,
  renewLease,
  takeLease,
  takeOver,
} from './work-lease.ts'
