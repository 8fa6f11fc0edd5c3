import { readBoard } from './board.ts'
import { listCases, listFacets } from './cases.ts'
import { COMPLIANCE_ENDPOINTS } from './compliance.ts'
import { DESK_ENDPOINTS } from './desk.ts'
import { EVIDENCE_ENDPOINTS } from './evidence.ts'
import { MANAGE_ENDPOINTS } from './manage.ts'
import { changeLanguage, readMe } from './me.ts'
import { PERSONAL_DATA_ENDPOINTS } from './personal-data.ts'
import { PLACEMENT_ENDPOINTS } from './placements.ts'
import { POLICY_ENDPOINTS } from './policies.ts'
import { listReportCases, listReports, readReport, readReportCsv } from './reports.ts'
import { STAFF_ENDPOINTS } from './staff.ts'
import { STRATEGY_ENDPOINTS } from './strategies.ts'
import { TEMPLATE_ENDPOINTS } from './templates.ts'
import { deskUnmask } from './unmask.ts'

export * from './board.ts'
export * from './cases.ts'
export * from './compliance.ts'
export * from './desk.ts'
export type { Endpoint, EndpointKey } from './endpoint.ts'
export * from './evidence.ts'
export * from './manage.ts'
export * from './me.ts'
export * from './personal-data.ts'
export * from './placements.ts'
export * from './policies.ts'
export * from './reports.ts'
export * from './role-schemas.ts'
export * from './roles.ts'
export * from './staff.ts'
export * from './strategies.ts'
export * from './templates.ts'
export * from './unmask.ts'

/** Every address of the console. The browser's client takes its types from here. */
export const CONSOLE_ENDPOINTS = [
  readMe,
  changeLanguage,
  readBoard,
  listCases,
  listFacets,
  listReports,
  readReport,
  readReportCsv,
  listReportCases,
  ...DESK_ENDPOINTS,
  ...STRATEGY_ENDPOINTS,
  ...TEMPLATE_ENDPOINTS,
  ...MANAGE_ENDPOINTS,
  ...COMPLIANCE_ENDPOINTS,
  ...EVIDENCE_ENDPOINTS,
  ...PERSONAL_DATA_ENDPOINTS,
  ...PLACEMENT_ENDPOINTS,
  ...POLICY_ENDPOINTS,
  ...STAFF_ENDPOINTS,
  deskUnmask,
] as const

type Listed = (typeof CONSOLE_ENDPOINTS)[number]
/** Endpoints by their key. */
export type ConsoleEndpoints = { [Each in Listed as Each['key']]: Each }
