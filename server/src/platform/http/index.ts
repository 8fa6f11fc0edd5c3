export { type App, type AppOptions, createApp } from './create-app.ts'
export { type Answer, forgetOldKeys, onceByKey } from './idempotency.ts'
export { Problem, type ProblemCode, STATUS } from './problem.ts'
