export {
  readStatement,
  recordStatement,
  type StatementFile,
  type StatementGiven,
} from './affordability/record-statement.ts'
export { acceptPlan, countCodeTry } from './agreements/accept-plan.ts'
export { approvePlan, cancelPlan } from './agreements/change-plan.ts'
export { factsOf, judgeOverduePlans } from './agreements/judge-plans.ts'
export type { EffectDraft } from './agreements/plan-effects.ts'
export { findPlan, listPlansOfCase, type StoredPlan } from './agreements/plan-store.ts'
export type { ProposedTerms } from './agreements/plan-terms.ts'
export type { PlanPreview } from './agreements/preview-plan.ts'
export {
  findOffers,
  type PlanAsked,
  previewAsked,
  proposePlan,
} from './agreements/propose-plan.ts'
export { sendPlanCode } from './agreements/send-code.ts'
export { readAgreement } from './agreements/write-agreement.ts'
export type { Actor, PlanRefusal, Work } from './context.ts'
export { collectSolutions } from './files/collect-solutions.ts'
export { findForgotten, tellForgotten } from './forgotten/find-forgotten.ts'
export type { CaseLedger } from './ledgers.ts'
export { addDocument } from './matters/add-document.ts'
export { appealMatter, assignMatter } from './matters/appeal-matter.ts'
export { decideMatter } from './matters/decide-matter.ts'
export { endBreathingSpaces } from './matters/end-breathing-spaces.ts'
export { listMatters, type Matter } from './matters/matter-store.ts'
export { openMatter } from './matters/open-matter.ts'
export { reactToMessages } from './matters/react-to-messages.ts'
export { readMatter } from './matters/read-matter.ts'
export { reactToTellings, recordTold } from './matters/tell-decision.ts'
export { adherenceOf } from './model/decide-plan.ts'
export { amountOf } from './model/decide-promise.ts'
export type { MatterKind, Role } from './model/solutions.ts'
export { cancelPromise } from './promises/cancel-promise.ts'
export { judgeOverduePromises } from './promises/judge-promises.ts'
export { listPromisesOfCase, type StoredPromise } from './promises/promise-store.ts'
export { type PromiseGiven, type PromiseRefusal, recordPromise } from './promises/record-promise.ts'
export { reactToLoans } from './react-to-loans.ts'
export { readLedgers } from './read-ledgers.ts'
export { workingDaysLeft } from './working-days.ts'
