import { routeDeals } from './assignment/work-deals.ts'
import { routeFloor } from './assignment/work-floor.ts'
import { routeMoves } from './assignment/work-moves.ts'
import { routePlacements } from './assignment/work-placements.ts'
import { routeReadImports } from './imports/read-imports.ts'
import { routeStartImport } from './imports/start-import.ts'
import { routeProviders } from './providers/providers.ts'
import { routeChangeMatters } from './queues/change-matters.ts'
import { routeReadMatters } from './queues/read-matters.ts'
import { routeHolds } from './queues/work-holds.ts'
import { routeChangeTemplates } from './templates/change-templates.ts'
import { routeReadTemplates } from './templates/read-templates.ts'

/** The manager's control room. */
export const MANAGE_ROUTES = [
  ...[routeReadImports, routeStartImport],
  ...[routeReadMatters, routeChangeMatters, routeHolds],
  ...[routeReadTemplates, routeChangeTemplates],
  ...[routeProviders, routeFloor, routeDeals, routeMoves, routePlacements],
] as const
