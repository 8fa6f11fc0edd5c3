import type { App } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { routeAgree } from './agree-on-case.ts'
import { routeIdentity } from './check-identity.ts'
import { routeDeskCase } from './read-desk-case.ts'
import { routeUnmask } from './unmask-point.ts'
import { routeWorkCall } from './work-call.ts'
import { routeWorkNext } from './work-next.ts'
import { routeWriteReply } from './write-reply.ts'

/** The agent's desk: who is next, and everything that is done with one case. */
export function routeDesk(app: App, context: ConsoleContext): void {
  const areas = [routeWorkNext, routeDeskCase, routeIdentity, routeWorkCall]
  for (const route of [...areas, routeAgree, routeWriteReply, routeUnmask]) route(app, context)
}
