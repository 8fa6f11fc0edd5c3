export { decideErasure } from './decide-erasure.ts'
export { readErasures } from './read-erasures.ts'
export { forgetRaw, requestDueErasures, requestErasure } from './request-erasure.ts'
export { type Erasure, listErasures } from './retention-store.ts'
