import { userInfo } from 'node:os'
import { type Role, roleSchema } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import { z } from 'zod'
import type { World } from '../main.ts'
import {
  addStaff,
  listStaff,
  newPassword,
  type Staff,
  setDisabled,
  unknownPlaces,
} from '../people/index.ts'
import { insertAudit } from '../platform/audit/index.ts'
import { type Auth, openAuth, readAuthSecret } from '../platform/auth/index.ts'
import { systemClock } from '../platform/clock.ts'
import { homePaths } from '../platform/config/index.ts'
import { EXIT, type Io } from './io.ts'

// Accounts of people, from the machine itself: how the first administrator comes to be, and the way back in.

export type NewPerson = {
  readonly email: string
  readonly name: string
  readonly role: readonly Role[]
  readonly team?: string
  readonly agency?: string
  readonly agent?: string
}

export async function runStaffList({ db }: World, json: boolean, io: Io): Promise<number> {
  const staff = await listStaff(db)
  if (staff.length === 0)
    io.error('nobody yet: dunlin staff add EMAIL --name NAME --role administrator')
  for (const person of staff) io.out(json ? JSON.stringify(person) : lineOf(person))
  return EXIT.ok
}

function lineOf({ email, name, roles, team, agency, disabledAt }: Staff): string {
  const place = [team, agency].filter((each) => each !== null).join(', ')
  const out = disabledAt === null ? '' : `  shut out since ${disabledAt}`
  return `${email}  ${name}  ${roles.join(', ')}${place === '' ? '' : `  (${place})`}${out}`
}

export async function runStaffAdd(world: World, given: NewPerson, io: Io): Promise<number> {
  const { email, name, agent } = given
  const roles = z.array(roleSchema).parse(given.role)
  if (!z.email().safeParse(email).success) return refuse(io, `${email} is no email address`)
  if (await findByEmail(world, email)) return refuse(io, `${email} has an account already`)
  const unknown = await unknownPlaces(world.db, given)
  if (unknown.length > 0)
    return refuse(io, `there is no ${unknown.join(' and no ')}: dunlin apply makes them`)
  const { team, agency } = given
  const places = {
    ...(team === undefined ? {} : { team }),
    ...(agency === undefined ? {} : { agency }),
    ...(agent === undefined ? {} : { agentLogin: agent }),
  }
  const password = newPassword()
  const at = world.clock.now()
  const person = { email, name, password, roles, ...places }
  const userId = await withAuth(world, (auth) => addStaff(world.db, auth, { given: person, at }))
  await note(world, 'staff.added', userId, { roles })
  io.out(`${email} may sign in as ${roles.join(', ')}`)
  io.out(`password, shown once: ${password}`)
  return EXIT.ok
}

export async function runStaffPassword(world: World, email: string, io: Io): Promise<number> {
  const person = await findByEmail(world, email)
  if (person === undefined) return refuse(io, `there is no account ${email}`)
  const password = newPassword()
  await withAuth(world, (auth) => auth.setPassword(person.userId, password))
  await note(world, 'staff.password-set', person.userId, {})
  io.out(`new password of ${email}, shown once: ${password}`)
  return EXIT.ok
}

export async function runStaffDisable(
  world: World,
  { email, isOut }: { email: string; isOut: boolean },
  io: Io,
): Promise<number> {
  const person = await findByEmail(world, email)
  if (person === undefined) return refuse(io, `there is no account ${email}`)
  const at = formatInstant(systemClock().now())
  await setDisabled(world.db, { userId: person.userId, disabledAt: isOut ? at : null })
  await note(world, isOut ? 'staff.disabled' : 'staff.enabled', person.userId, {})
  io.out(isOut ? `${email} is shut out` : `${email} may sign in again`)
  return EXIT.ok
}

function refuse(io: Io, why: string): number {
  io.error(why)
  return EXIT.usage
}

async function findByEmail({ db }: World, email: string): Promise<Staff | undefined> {
  return (await listStaff(db)).find((person) => person.email === email.toLowerCase())
}

/** Whoever has a shell on the machine is named as such. */
function note(world: World, action: string, userId: string, detail: object): Promise<void> {
  const at = formatInstant(systemClock().now())
  const actor = `shell:${userInfo().username}`
  return insertAudit(world.db, { actor, action, subject: `staff:${userId}`, detail, at })
}

async function withAuth<T>({ db, config }: World, work: (auth: Auth) => Promise<T>): Promise<T> {
  const secret = await readAuthSecret(homePaths(config.home).authSecret)
  const origin = config.publicUrl ?? `http://localhost:${config.port}`
  const auth = openAuth({ databaseUrl: db.url, secret, origins: [origin], oidc: null })
  try {
    return await work(auth)
  } finally {
    await auth.close()
  }
}
