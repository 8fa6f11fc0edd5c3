export type { CaseChange, PreDue } from './case-store.ts'
export { endHold, type Hold, startHold } from './start-hold.ts'
export { type SyncOptions, syncCases, syncCasesToday, syncDueCases } from './sync-cases.ts'
export { wakeCases } from './wake-cases.ts'
