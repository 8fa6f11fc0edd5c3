import type { App } from '../platform/http/index.ts'
import { routeBoard } from './board/read-board.ts'
import { routeListCases } from './cases/list-cases.ts'
import type { ConsoleContext } from './context.ts'
import { CONTROL_ROUTES } from './control-routes.ts'
import { routeDesk } from './desk/index.ts'
import { routeLive } from './live/follow-events.ts'
import { MANAGE_ROUTES } from './manage-routes.ts'
import { routeReports } from './reports/read-reports.ts'
import { routeMe } from './session/read-me.ts'
import { routeSignIn } from './session/sign-in.ts'
import { routeChangeStrategies } from './strategies/change-strategies.ts'
import { routeReadStrategies } from './strategies/read-strategies.ts'
import { routeTryStrategies } from './strategies/try-strategies.ts'
import { routeWeb } from './web/serve-files.ts'

export type { ConsoleContext } from './context.ts'

/** Everything that the console in the browser talks to, and the console itself. */
export function routeConsole(app: App, context: ConsoleContext): void {
  const areas = [
    ...[routeSignIn, routeMe, routeBoard, routeListCases, routeReports, routeLive],
    ...[routeReadStrategies, routeTryStrategies, routeChangeStrategies],
    ...[...CONTROL_ROUTES, routeDesk, ...MANAGE_ROUTES, routeWeb],
  ]
  for (const route of areas) route(app, context)
}
