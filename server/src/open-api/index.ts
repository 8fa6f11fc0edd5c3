import { type App, createApp } from '../platform/http/index.ts'
import { routeAssignments } from './assignment/assign-cases.ts'
import { routePlacements } from './assignment/place-cases.ts'
import { routeCallbacks } from './callbacks/take-payment.ts'
import { routeWechatPayCallbacks } from './callbacks/take-wechat-pay.ts'
import { routeReadCases } from './cases/read-cases.ts'
import { routePermissions } from './cases/read-permissions.ts'
import { routeErasures } from './compliance/erasures.ts'
import { routeAudit } from './compliance/read-audit.ts'
import { routeAskContact } from './contacts/ask-contact.ts'
import { routeAttempts } from './contacts/read-attempts.ts'
import { routeOutcomes } from './contacts/record-outcome.ts'
import { routeContentLint } from './content/lint-text.ts'
import { type ApiContext, authorise } from './context.ts'
import { routeReadConversations } from './conversations/read-conversations.ts'
import { routeWorkConversations } from './conversations/work-conversations.ts'
import { routeEvidence } from './evidence/export-case.ts'
import { routeGate } from './gate/dry-run.ts'
import { routeExplanations } from './gate/explain-decisions.ts'
import { routeHolds } from './holds/change-holds.ts'
import { routeImports } from './imports/run-import.ts'
import { routeGrants } from './incentives/grants.ts'
import { routeIncentiveRules } from './incentives/rules.ts'
import { routeRecordEvent } from './ledger/record-event.ts'
import { routeDecisionPage } from './page/decision-page.ts'
import { routeOrders } from './payments/orders.ts'
import { routeRefunds } from './payments/refunds.ts'
import { SOLUTION_ROUTES } from './plans/solution-routes.ts'
import { routeProviders } from './providers/providers.ts'
import { routeReports } from './reports/read-reports.ts'
import { routeChangeStrategies } from './strategies/change-strategies.ts'
import { routeReadStrategies } from './strategies/read-strategies.ts'
import { routeSystem } from './system/routes.ts'
import { routeSettings } from './system/settings.ts'
import { routeUnsubscribe } from './system/unsubscribe.ts'
import { routeWebhooks } from './system/webhooks.ts'

export { type BookingContext, bookWaitingCallbacks } from './callbacks/book-callback.ts'
export type { ApiContext } from './context.ts'

/** Addresses that integrators rely on. */
const DESCRIBED = ['/api/', '/callbacks/', '/healthz', '/readyz', '/metrics']

/**
 * The HTTP API with all its routes, not yet listening. `routeMore` adds those of the shell: none can be
 * added to what this returns.
 */
export async function buildApi(context: ApiContext, routeMore?: (app: App) => void): Promise<App> {
  const app = await createApp(context)
  app.decorateRequest('caller', '')
  app.decorateRequest('role', 'agent')
  app.addHook('onRoute', ({ url, config, schema }) => {
    // A route that forgets to say who may call it, or what it answers, must not exist.
    if (!DESCRIBED.some((start) => url.startsWith(start))) return
    if (config?.scope === undefined) throw new Error(`the route ${url} names no scope`)
    if (schema?.hide === true || schema?.summary === undefined || schema.response === undefined)
      throw new Error(`the route ${url} describes no summary or no answer`)
  })
  // Before the body is read: a stranger's bytes are not parsed, and learn nothing of what is expected.
  app.addHook('onRequest', async (request, reply) => {
    const { scope } = request.routeOptions.config
    if (scope === undefined || scope === 'public') return
    reply.header('cache-control', 'no-store')
    const { id, role } = await authorise(context, request, scope)
    request.caller = id
    request.role = role
  })
  for (const route of [
    routeSystem,
    routeSettings,
    routeUnsubscribe,
    routeWebhooks,
    routeRecordEvent,
    routeReadCases,
    routePermissions,
    routeAskContact,
    routeAttempts,
    routeOutcomes,
    routeReadConversations,
    routeWorkConversations,
    ...SOLUTION_ROUTES,
    routeHolds,
    routeImports,
    routeGate,
    routeContentLint,
    routeExplanations,
    routeEvidence,
    routeReports,
    routeProviders,
    routeAudit,
    routeErasures,
    routeReadStrategies,
    routeChangeStrategies,
    routeIncentiveRules,
    routeGrants,
    routeOrders,
    routeRefunds,
    routeAssignments,
    routePlacements,
    routeCallbacks,
    routeWechatPayCallbacks,
    routeDecisionPage,
  ]) {
    route(app, context)
  }
  routeMore?.(app)
  await app.ready()
  return app
}
