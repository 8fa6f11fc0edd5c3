import {
  appeal,
  askErasure,
  chooseChannel,
  chooseHours,
  raiseMatter,
  readChoices,
  readMatters,
  readMessages,
  writeMessage,
} from './choices.ts'
import { demoPay, makeOrder, readOrder, readOwed } from './owed.ts'
import {
  acceptPlan,
  choosePlan,
  demoPlanCode,
  readOffers,
  readPlans,
  recordStatement,
  sendPlanCode,
} from './plans.ts'
import { demoCode, enter, leave, openLink, readMe, sendCode, verify } from './session.ts'

export type { PortalEndpoint, PortalKey } from './endpoint.ts'

/** Every address of the borrower's portal by name. */
export { REWARD_STATES } from './owed.ts'

export const PORTAL = {
  openLink,
  sendCode,
  enter,
  leave,
  readMe,
  demoCode,
  verify,
  readOwed,
  makeOrder,
  readOrder,
  demoPay,
  recordStatement,
  readOffers,
  choosePlan,
  readPlans,
  sendPlanCode,
  acceptPlan,
  demoPlanCode,
  raiseMatter,
  readMatters,
  appeal,
  readChoices,
  chooseChannel,
  chooseHours,
  readMessages,
  writeMessage,
  askErasure,
} as const

type Listed = (typeof PORTAL)[keyof typeof PORTAL]
/** The same by key: the browser's client takes its types from here. */
export type PortalEndpoints = { [Each in Listed as Each['key']]: Each }
