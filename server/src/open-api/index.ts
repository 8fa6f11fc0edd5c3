import { type App, createApp } from '../platform/http/index.ts'
import { routeReadCases } from './cases/read-cases.ts'
import type { ApiContext } from './context.ts'
import { routeGate } from './gate/dry-run.ts'
import { routeHolds } from './holds/change-holds.ts'
import { routeImports } from './imports/run-import.ts'
import { routeRecordEvent } from './ledger/record-event.ts'
import { routePage } from './page/overview.ts'
import { routeSystem } from './system/routes.ts'

export type { ApiContext } from './context.ts'

/** The HTTP API with all its routes, not yet listening. */
export async function buildApi(context: ApiContext): Promise<App> {
  const app = await createApp({ version: context.version, onFailure: context.onFailure })
  for (const route of [
    routeSystem,
    routeRecordEvent,
    routeReadCases,
    routeHolds,
    routeImports,
    routeGate,
    routePage,
  ]) {
    route(app, context)
  }
  return app
}
