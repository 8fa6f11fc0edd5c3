export {
  readSource,
  reviewDraft,
  rollBack,
  type StrategyRefusal,
  writeDraft,
} from './change-strategy.ts'
export type { CaseFacts, NextStep } from './model/next-step.ts'
export {
  compileStrategy,
  type Step,
  type Strategy,
  strategyJsonSchema,
} from './model/strategy.ts'
export { countTrial, listStrategies, readStrategy } from './read-strategy.ts'
export type { DraftRow } from './release-store.ts'
export {
  type CycleOptions,
  type CycleSummary,
  readPreDue,
  runCycle,
  runCycleToday,
} from './run-cycle.ts'
export { type Trial, tryStrategy } from './try-strategy.ts'
