export type { Misbehaviour } from './smsc/misbehaviour.ts'
export type { PhoneMessage, Smsc, SmscOptions } from './smsc/smsc.ts'
export { startSmsc } from './smsc/smsc.ts'
export type { SubmitEntry } from './smsc/submit-log.ts'
