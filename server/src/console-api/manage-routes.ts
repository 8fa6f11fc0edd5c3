import { routeReadImports } from './imports/read-imports.ts'
import { routeStartImport } from './imports/start-import.ts'
import { routeProviders } from './providers/providers.ts'
import { routeChangeMatters } from './queues/change-matters.ts'
import { routeReadMatters } from './queues/read-matters.ts'
import { routeHolds } from './queues/work-holds.ts'

/** The manager's control room. */
export const MANAGE_ROUTES = [
  ...[routeReadImports, routeStartImport],
  ...[routeReadMatters, routeChangeMatters, routeHolds],
  routeProviders,
] as const
