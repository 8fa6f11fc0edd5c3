import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import { meQuery } from '../api/me.ts'
import { readAssignmentSearch } from '../pages/assignment/assignment-search.ts'
import { readCaseSearch } from '../pages/cases/case-search.ts'
import {
  readAskSearch,
  readAuditSearch,
  readDecisionSearch,
  readRuleSearch,
} from '../pages/compliance/compliance-search.ts'
import { readDeskSearch } from '../pages/desk/desk-search.ts'
import { readEvidenceSearch } from '../pages/evidence/evidence-search.ts'
import { readImportSearch, readNewImportSearch } from '../pages/imports/import-search.ts'
import { readPersonalDataSearch } from '../pages/personal-data/personal-data-search.ts'
import { readProviderSearch } from '../pages/providers/provider-search.ts'
import { readQueueSearch } from '../pages/queues/queue-search.ts'
import { readReportSearch } from '../pages/reports/report-search.ts'
import { readStrategyListSearch, readStrategySearch } from '../pages/strategies/strategy-search.ts'
import { readTemplateListSearch, readTemplateSearch } from '../pages/templates/template-search.ts'
import { Failed } from '../parts/failed.tsx'
import { NotFound } from '../parts/not-found.tsx'
import { queries } from './queries.ts'
import { textIn } from './search.ts'
import { Shell } from './shell.tsx'
import { SignInPage } from './sign-in/sign-in-page.tsx'

const root = createRootRoute({ notFoundComponent: NotFound, errorComponent: Failed })

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (search) => ({ to: textIn(search, 'to') }),
  component: SignInPage,
})

/** Everything else needs somebody who is signed in. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  beforeLoad: async ({ location }) => {
    await queries.ensureQueryData(meQuery).catch(() => {
      throw redirect({ to: '/sign-in', search: { to: location.href } })
    })
  },
  component: Shell,
})

// Pages: each in a chunk of its own, its filters read from the address.

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  // Who may not see the board begins with who is next, or with the cases.
  beforeLoad: async () => {
    const { capabilities } = await queries.ensureQueryData(meQuery)
    if (capabilities.includes('board.read')) return
    throw redirect({ to: capabilities.includes('case.work') ? '/desk' : '/cases' })
  },
  component: lazyRouteComponent(() => import('../pages/board/board-page.tsx'), 'BoardPage'),
})

const cases = createRoute({
  getParentRoute: () => shell,
  path: '/cases',
  validateSearch: readCaseSearch,
  component: lazyRouteComponent(() => import('../pages/cases/case-list-page.tsx'), 'CaseListPage'),
})

const oneCase = createRoute({
  getParentRoute: () => shell,
  path: '/cases/$caseId',
  component: lazyRouteComponent(() => import('../pages/desk/case-page.tsx'), 'CasePage'),
})

const desk = createRoute({
  getParentRoute: () => shell,
  path: '/desk',
  validateSearch: readDeskSearch,
  component: lazyRouteComponent(() => import('../pages/desk/worklist-page.tsx'), 'WorklistPage'),
})

const reports = createRoute({
  getParentRoute: () => shell,
  path: '/reports',
  validateSearch: (search): { find?: string | undefined } => ({ find: textIn(search, 'find') }),
  component: lazyRouteComponent(
    () => import('../pages/reports/report-list-page.tsx'),
    'ReportListPage',
  ),
})

const report = createRoute({
  getParentRoute: () => shell,
  path: '/reports/$name',
  validateSearch: readReportSearch,
  component: lazyRouteComponent(() => import('../pages/reports/report-page.tsx'), 'ReportPage'),
})

const strategies = createRoute({
  getParentRoute: () => shell,
  path: '/strategies',
  validateSearch: readStrategyListSearch,
  component: lazyRouteComponent(
    () => import('../pages/strategies/strategy-list-page.tsx'),
    'StrategyListPage',
  ),
})

const strategy = createRoute({
  getParentRoute: () => shell,
  path: '/strategies/$name',
  validateSearch: readStrategySearch,
  component: lazyRouteComponent(
    () => import('../pages/strategies/strategy-page.tsx'),
    'StrategyPage',
  ),
})

const strategyEdit = createRoute({
  getParentRoute: () => shell,
  path: '/strategies/$name/edit',
  validateSearch: readStrategySearch,
  component: lazyRouteComponent(
    () => import('../pages/strategies/strategy-edit-page.tsx'),
    'StrategyEditPage',
  ),
})

const portfolios = createRoute({
  getParentRoute: () => shell,
  path: '/portfolios',
  component: lazyRouteComponent(
    () => import('../pages/imports/portfolio-list-page.tsx'),
    'PortfolioListPage',
  ),
})

const imports = createRoute({
  getParentRoute: () => shell,
  path: '/imports',
  validateSearch: readImportSearch,
  component: lazyRouteComponent(
    () => import('../pages/imports/import-list-page.tsx'),
    'ImportListPage',
  ),
})

const newImport = createRoute({
  getParentRoute: () => shell,
  path: '/imports/new',
  validateSearch: readNewImportSearch,
  component: lazyRouteComponent(
    () => import('../pages/imports/new-import-page.tsx'),
    'NewImportPage',
  ),
})

const oneImport = createRoute({
  getParentRoute: () => shell,
  path: '/imports/$importId',
  component: lazyRouteComponent(() => import('../pages/imports/import-page.tsx'), 'ImportPage'),
})

const queues = createRoute({
  getParentRoute: () => shell,
  path: '/queues',
  validateSearch: readQueueSearch,
  component: lazyRouteComponent(() => import('../pages/queues/queue-page.tsx'), 'QueuePage'),
})

const matter = createRoute({
  getParentRoute: () => shell,
  path: '/queues/matters/$matterId',
  component: lazyRouteComponent(() => import('../pages/queues/matter-page.tsx'), 'MatterPage'),
})

const providers = createRoute({
  getParentRoute: () => shell,
  path: '/providers',
  validateSearch: readProviderSearch,
  component: lazyRouteComponent(
    () => import('../pages/providers/provider-list-page.tsx'),
    'ProviderListPage',
  ),
})

const provider = createRoute({
  getParentRoute: () => shell,
  path: '/providers/$name',
  component: lazyRouteComponent(
    () => import('../pages/providers/provider-page.tsx'),
    'ProviderPage',
  ),
})

const templates = createRoute({
  getParentRoute: () => shell,
  path: '/templates',
  validateSearch: readTemplateListSearch,
  component: lazyRouteComponent(
    () => import('../pages/templates/template-list-page.tsx'),
    'TemplateListPage',
  ),
})

const template = createRoute({
  getParentRoute: () => shell,
  path: '/templates/$id',
  validateSearch: readTemplateSearch,
  component: lazyRouteComponent(
    () => import('../pages/templates/template-page.tsx'),
    'TemplatePage',
  ),
})

const templateEdit = createRoute({
  getParentRoute: () => shell,
  path: '/templates/$id/edit',
  component: lazyRouteComponent(
    () => import('../pages/templates/template-edit-page.tsx'),
    'TemplateEditPage',
  ),
})

const assignment = createRoute({
  getParentRoute: () => shell,
  path: '/assignment',
  validateSearch: readAssignmentSearch,
  component: lazyRouteComponent(
    () => import('../pages/assignment/assignment-page.tsx'),
    'AssignmentPage',
  ),
})

/** The manager's control room. */
const manage = [
  portfolios,
  imports,
  newImport,
  oneImport,
  queues,
  matter,
  providers,
  provider,
  templates,
  template,
  templateEdit,
  assignment,
] as const

const rules = createRoute({
  getParentRoute: () => shell,
  path: '/rules',
  validateSearch: readRuleSearch,
  component: lazyRouteComponent(() => import('../pages/compliance/rules-page.tsx'), 'RulesPage'),
})

const decisions = createRoute({
  getParentRoute: () => shell,
  path: '/decisions',
  validateSearch: readDecisionSearch,
  component: lazyRouteComponent(
    () => import('../pages/compliance/decision-list-page.tsx'),
    'DecisionListPage',
  ),
})

const decision = createRoute({
  getParentRoute: () => shell,
  path: '/decisions/$decisionId/why',
  component: lazyRouteComponent(
    () => import('../pages/compliance/decision-page.tsx'),
    'DecisionPage',
  ),
})

const gate = createRoute({
  getParentRoute: () => shell,
  path: '/gate',
  validateSearch: readAskSearch,
  component: lazyRouteComponent(() => import('../pages/compliance/ask-page.tsx'), 'AskPage'),
})

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('../pages/compliance/audit-page.tsx'), 'AuditPage'),
})

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('../pages/account/account-page.tsx'), 'AccountPage'),
})

const evidence = createRoute({
  getParentRoute: () => shell,
  path: '/evidence',
  validateSearch: readEvidenceSearch,
  component: lazyRouteComponent(
    () => import('../pages/evidence/evidence-page.tsx'),
    'EvidencePage',
  ),
})

const personalData = createRoute({
  getParentRoute: () => shell,
  path: '/personal-data',
  validateSearch: readPersonalDataSearch,
  component: lazyRouteComponent(
    () => import('../pages/personal-data/personal-data-page.tsx'),
    'PersonalDataPage',
  ),
})

const staff = createRoute({
  getParentRoute: () => shell,
  path: '/staff',
  validateSearch: (search): { find?: string | undefined } => ({ find: textIn(search, 'find') }),
  component: lazyRouteComponent(() => import('../pages/staff/staff-page.tsx'), 'StaffPage'),
})

/** What a compliance officer and an auditor look at. */
const control = [rules, decisions, decision, gate, audit, evidence, personalData] as const

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    shell.addChildren([
      ...[home, desk, cases, oneCase, reports, report, strategies, strategy, strategyEdit],
      ...manage,
      ...control,
      account,
      staff,
    ]),
  ]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
