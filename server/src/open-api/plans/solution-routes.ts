import { routeCaseFile } from '../evidence/export-file.ts'
import { routeForgotten } from '../forgotten/list-forgotten.ts'
import { routeDecideMatters } from '../matters/decide-matters.ts'
import { routeOpenMatters } from '../matters/open-matters.ts'
import { routeReadMatters } from '../matters/read-matters.ts'
import { routeReadPromises } from '../promises/read-promises.ts'
import { routePromises } from '../promises/record-promise.ts'
import { routeChangePlans } from './change-plans.ts'
import { routeOfferPlans } from './offer-plans.ts'
import { routeReadPlans } from './read-plans.ts'
import { routeStatements } from './statements.ts'

/** Everything by which a case is solved: promises, statements, plans and matters. */
export const SOLUTION_ROUTES = [
  routeCaseFile,
  routePromises,
  routeReadPromises,
  routeStatements,
  routeOfferPlans,
  routeReadPlans,
  routeChangePlans,
  routeOpenMatters,
  routeReadMatters,
  routeDecideMatters,
  routeForgotten,
] as const
