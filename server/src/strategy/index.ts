export { loadStrategy } from './load-strategy.ts'
export { type CaseFacts, caseDpd, type NextStep, nextStep, stageName } from './model/next-step.ts'
export { compileStrategy, type Step, type Strategy, strategyJsonSchema } from './model/strategy.ts'
export { type CycleOptions, type CycleSummary, readPreDue, runCycle } from './run-cycle.ts'
