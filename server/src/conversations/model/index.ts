export { type Classified, classifyIntent } from './classify-intent.ts'
export { INTENTS, type Intent } from './intent.ts'
export { matchRules } from './intent-rules.ts'
export { plainText } from './plain-text.ts'
