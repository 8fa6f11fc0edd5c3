export type { CaseFacts, NextStep } from './model/next-step.ts'
export { type Step, type Strategy, strategyJsonSchema } from './model/strategy.ts'
export {
  type CycleOptions,
  type CycleSummary,
  readPreDue,
  runCycle,
  runCycleToday,
} from './run-cycle.ts'
