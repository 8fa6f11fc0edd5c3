import type { App } from '../platform/http/index.ts'
import { routeChoices } from './choices/choose.ts'
import { routeMatters } from './choices/matters.ts'
import { routeMessages } from './choices/messages.ts'
import type { PortalContext } from './context.ts'
import { routePay } from './debt/pay.ts'
import { routeOwed } from './debt/read-owed.ts'
import { routeDownloads } from './files/download.ts'
import { routePlans } from './plans/plans.ts'
import { routeEnter } from './session/enter.ts'
import { routeMe } from './session/read-me.ts'
import { routeVerify } from './session/verify.ts'
import { routeWeb } from './web/serve-web.ts'

export type { PortalContext } from './context.ts'
export { forgetOldKnocks } from './session/forget-knocks.ts'
export { findCaseBorrower } from './session/session-store.ts'

/** The borrower's portal: its API and its page. */
export function routePortal(app: App, context: PortalContext): void {
  const routes = [
    ...[routeEnter, routeMe, routeVerify, routeOwed, routePay, routePlans, routeMatters],
    ...[routeChoices, routeMessages, routeDownloads, routeWeb],
  ]
  for (const route of routes) route(app, context)
}
