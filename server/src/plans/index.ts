export { judgeOverduePromises, reactToLoans } from './judge-promises.ts'
export { type PromiseGiven, type PromiseRefusal, recordPromise } from './record-promise.ts'
