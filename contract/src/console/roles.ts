// Roles and what they may do. No schema here: the browser loads this file.

export const ROLES = [
  'agent',
  'team-lead',
  'manager',
  'compliance',
  'qa',
  'trainer',
  'auditor',
  'integrator',
  'administrator',
] as const
export type Role = (typeof ROLES)[number]

const OFFICE = ['manager', 'compliance', 'administrator'] as const
const FLOOR = ['agent', 'team-lead', 'manager'] as const
const WATCHES = ['team-lead', ...OFFICE, 'qa', 'auditor'] as const

/** Who may do what: the one table that the server checks and the console shows. */
export const CAPABILITIES = {
  'board.read': [...WATCHES, 'trainer', 'integrator'],
  'case.read': [...FLOOR, 'compliance', 'qa', 'auditor', 'administrator'],
  /** Contact a borrower, record outcomes, promises, notes. */
  'case.work': [...FLOOR],
  'case.hold': [...FLOOR, 'compliance'],
  /** See a name or number in the clear, with a reason that is logged. */
  'person.unmask': ['team-lead', 'manager', 'compliance', 'qa'],
  /** Move one case, of those that they reach. */
  'case.assign': ['team-lead', 'manager'],
  /** Deal a portfolio's cases, place them outside, say what an agent can hold. */
  'case.deal': ['manager'],
  'portfolio.manage': ['manager', 'integrator', 'administrator'],
  'strategy.read': [...OFFICE, 'qa', 'auditor'],
  'strategy.edit': ['manager'],
  /** The second person: never the one who wrote the version. */
  'strategy.review': ['manager', 'compliance'],
  'template.edit': ['manager', 'compliance'],
  'provider.read': [...WATCHES, 'integrator'],
  /** Stop an account, and end the stop: it can only forbid. */
  'provider.stop': [...OFFICE],
  'queue.work': ['team-lead', ...OFFICE, 'qa'],
  'compliance.read': ['compliance', 'auditor', 'qa', 'manager', 'administrator'],
  'compliance.act': ['compliance'],
  /** Have the log or an export verified: work for the machine, and nothing leaves. */
  'evidence.verify': ['compliance', 'auditor', 'administrator'],
  /** Take an export away: it holds facts and messages in plain. */
  'evidence.export': ['compliance'],
  'report.read': [...WATCHES],
  'staff.manage': ['administrator'],
} as const satisfies Record<string, readonly Role[]>
export type Capability = keyof typeof CAPABILITIES

export function isCapability(name: string): name is Capability {
  return Object.hasOwn(CAPABILITIES, name)
}

/** What a person of these roles may do. */
export function capabilitiesOf(roles: readonly Role[]): Capability[] {
  return Object.keys(CAPABILITIES)
    .filter(isCapability)
    .filter((name) => CAPABILITIES[name].some((role) => roles.includes(role)))
}
