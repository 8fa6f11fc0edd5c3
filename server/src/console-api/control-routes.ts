import { routeAskGate } from './compliance/ask-gate.ts'
import { routeEvidenceArchive } from './compliance/evidence-archive.ts'
import { routeEvidence } from './compliance/evidence-routes.ts'
import { routeCompliance } from './compliance/index.ts'
import { routePersonalData } from './compliance/personal-data.ts'
import { routePolicies } from './compliance/policies.ts'
import { routeStaff } from './session/manage-staff.ts'

/** What a compliance officer and an auditor work with. */
export const CONTROL_ROUTES = [
  routeCompliance,
  routeAskGate,
  routeEvidence,
  routeEvidenceArchive,
  routePersonalData,
  routePolicies,
  routeStaff,
] as const
