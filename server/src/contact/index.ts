export {
  type DecisionFilter,
  type DecisionRow,
  listDecisions,
} from './answers/list-decisions-store.ts'
export { toExplanation, toGateAnswer, toVerdict } from './answers/to-answer.ts'
export { applyCrossedReceipts, applyReceipts } from './apply-receipts.ts'
export { type AskRefusal, askContact } from './ask-contact.ts'
export { type AttemptRow, findAttempt } from './ask-store.ts'
export {
  askCall,
  type CallGiven,
  type CallRefusal,
  type StartedCall,
  startCall,
} from './calls/start-call.ts'
export { type DispatchCounts, type DispatchOptions, dispatchDue } from './dispatch.ts'
export type { Gate, Outlet } from './dispatch-batch.ts'
export * from './evidence/index.ts'
export { type EvidenceScope, listPolicyVersions, readPolicyVersions } from './evidence-store.ts'
export { type ExplainedDecision, explainDecision } from './explain-decision.ts'
export { type ExportOptions, exportEvidence } from './export-evidence.ts'
export {
  listUnknown,
  type UnknownAttempt,
  type UnknownPage,
  type UnknownPlace,
} from './list-unknown.ts'
export { type MarkedHealth, markHealth } from './mark-health.ts'
export type { MessageTemplate } from './model/templates.ts'
export { explainContact, type Permission, previewContacts } from './preview-contacts.ts'
export { readProviders, resumeProvider, stopProvider } from './providers/read-providers.ts'
export { reactToCases } from './reactions.ts'
export { type OutcomeRefusal, recordOutcome } from './record-outcome.ts'
export {
  type Answer,
  beginDialogue,
  type Dialogue,
  type Memory,
  stateOf,
  stepDialogue,
} from './robot/dialogue.ts'
export { robotDialogue } from './robot/load-dialogue.ts'
export { sectionsOf } from './robot/script.ts'
export { fitsIdentity, identityEnd, yesOrNo } from './robot/spoken.ts'
export { openRoute, type Route } from './route.ts'
export { askService, type ServiceAsked } from './service/ask-service.ts'
export { type SettleOptions, type SettleRefusal, settleAttempt } from './settle-attempt.ts'
export * from './templates/index.ts'
export { type TriedContact, tryContacts } from './try-contacts.ts'
export { type Verification, verifyAll, verifyExport } from './verify-evidence.ts'
export { recoverLost } from './worker.ts'
