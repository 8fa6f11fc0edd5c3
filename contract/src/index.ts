export * from './assignment.ts'
export * from './compliance.ts'
export * from './console/index.ts'
export * from './contact-requests.ts'
export * from './content.ts'
export * from './conversations.ts'
export * from './events.ts'
export * from './incentives.ts'
export * from './matter-requests.ts'
export * from './payments.ts'
export * from './plan-requests.ts'
export {
  PORTAL,
  type PortalEndpoint,
  type PortalEndpoints,
  type PortalKey,
  REWARD_STATES,
} from './portal/index.ts'
export * from './providers.ts'
export * from './reports.ts'
export * from './requests.ts'
export * from './responses.ts'
export * from './settings.ts'
export * from './strategies.ts'
