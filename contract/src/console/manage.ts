import { ASSIGNMENT_ENDPOINTS } from './assignment.ts'
import { IMPORT_ENDPOINTS } from './imports.ts'
import { PROVIDER_ENDPOINTS } from './providers.ts'
import { QUEUE_ENDPOINTS } from './queues.ts'

export * from './assignment.ts'
export * from './imports.ts'
export * from './providers.ts'
export * from './queues.ts'

/** Addresses of the manager's control room. */
export const MANAGE_ENDPOINTS = [
  ...IMPORT_ENDPOINTS,
  ...QUEUE_ENDPOINTS,
  ...PROVIDER_ENDPOINTS,
  ...ASSIGNMENT_ENDPOINTS,
] as const
