import type { Role } from '@dunlin/contract'
import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Auth } from '../platform/auth/index.ts'
import type { Database } from '../platform/db/index.ts'
import { insertStaff } from './staff-store.ts'

export type StaffGiven = {
  readonly email: string
  readonly name: string
  readonly password: string
  readonly roles: readonly Role[]
  readonly team?: string
  readonly agency?: string
  readonly agentLogin?: string
}

/**
 * Makes an account that signs in, with its roles. The account comes first: one without roles reaches
 * nothing, so a crash between the two opens no door.
 */
export async function addStaff(
  db: Database,
  auth: Auth,
  { given, at }: { given: StaffGiven; at: Instant },
): Promise<string> {
  const userId = await auth.createUser(given)
  await insertStaff(db, {
    userId,
    roles: given.roles,
    team: given.team ?? null,
    agency: given.agency ?? null,
    agentLogin: given.agentLogin ?? null,
    at: formatInstant(at),
  })
  return userId
}
