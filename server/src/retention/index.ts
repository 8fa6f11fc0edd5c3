export { decideErasure } from './decide-erasure.ts'
export { forgetRaw, requestDueErasures, requestErasure } from './request-erasure.ts'
export { type Erasure, listErasures } from './retention-store.ts'
