export { assignCases, moveCase } from './assign-cases.ts'
export { listAssignments } from './assignment-store.ts'
export type { CaseChange, PreDue } from './case-store.ts'
export { type PlacementRefusal, placeCases, recallDue, recallPlacement } from './place-cases.ts'
export { listPlacements } from './placement-store.ts'
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
