export { compilePolicy, type Policy } from './compile.ts'
export {
  type Finding,
  type LintOptions,
  type LintQuestion,
  lintContent,
} from './content/lint-content.ts'
export { decide, decidePrepared } from './decide.ts'
export {
  type Facts,
  factsSchema,
  type Intent,
  intentSchema,
  type Vector,
  vectorSchema,
} from './facts.ts'
export type { Lexicons, Span } from './lexicons.ts'
export { normaliseText } from './normalise-text.ts'
export { type Case, type Difference, diffPolicies, type Witness } from './overlay/diff-policies.ts'
export { loadOverlay } from './overlay/load-overlay.ts'
export { type Pack, packJsonSchema, parsePack, type Rule } from './pack.ts'
export { type PreparedFacts, prepareFacts } from './prepare.ts'
export { checkVector, decideGiven, type VectorResult } from './vectors.ts'
export {
  type Clears,
  type Counter,
  type Duty,
  type Reason,
  ruleIds,
  type Text,
  type Verdict,
} from './verdict.ts'
export * from './vocabulary.ts'
export { type Considered, type Explanation, explain, type LocalMoment } from './words/explain.ts'
export { type RenderOptions, renderExplanation } from './words/render-explanation.ts'
export { ruleInWords } from './words/rule-in-words.ts'
export type { Change } from './words/what-would-change.ts'
export { type Language, wordIn } from './words/words.ts'
