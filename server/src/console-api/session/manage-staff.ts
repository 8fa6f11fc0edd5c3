import {
  addStaffRequest,
  listStaffPage,
  postStaff,
  resetPassword,
  resetTwoFactor,
  shutOutStaff,
} from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import {
  addStaff,
  listPlaces,
  listStaff,
  listStaffUse,
  newPassword,
  type Staff,
  setDisabled,
  unknownPlaces,
  updatePost,
} from '../../people/index.ts'
import { insertAudit } from '../../platform/audit/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { Asker, ConsoleContext } from '../context.ts'
import { assertOfHouse, serve } from '../serve.ts'

type Post = {
  readonly roles: Staff['roles']
  readonly team: string | null
  readonly agency: string | null
  readonly agent: string | null
}

/** Accounts of people: who may sign in, as what; each change stands in the audit. */
export function routeStaff(app: App, context: ConsoleContext): void {
  const { db, auth, wall } = context
  serve(app, context, listStaffPage, async ({ asker }) => {
    assertOfHouse(asker)
    const use = new Map(
      (await listStaffUse(db, formatInstant(wall.now()))).map((each) => [each.userId, each]),
    )
    const items = (await listStaff(db)).map((person) => toItem(person, use, asker))
    return { items, ...(await listPlaces(db)) }
  })
  serve(app, context, addStaffRequest, async ({ asker, body }) => {
    const { email, name, ...post } = body
    await mustExist(context, post)
    const isKnown = (await listStaff(db)).some((each) => each.email === email.toLowerCase())
    if (isKnown) throw new Problem('staff.exists', `${email} has an account already`, 'email')
    const password = newPassword()
    const given = { email, name, password, roles: post.roles, ...placesOf(post) }
    const userId = await addStaff(db, auth, { given, at: wall.now() })
    await note(context, asker, { action: 'staff.added', userId, detail: { roles: post.roles } })
    return { password }
  })
  serve(app, context, postStaff, async ({ asker, textIn, body }) => {
    const { userId, roles } = await mustBeAnother(context, asker, textIn('userId'))
    await mustExist(context, body)
    await updatePost(db, { userId, ...body, agentLogin: body.agent })
    await note(context, asker, {
      action: 'staff.posted',
      userId,
      detail: { from: roles, to: body },
    })
    return { done: true as const }
  })
  serve(app, context, resetPassword, async ({ asker, textIn }) => {
    const { userId } = await mustBeAnother(context, asker, textIn('userId'))
    const password = newPassword()
    await auth.setPassword(userId, password)
    await note(context, asker, { action: 'staff.password-set', userId, detail: {} })
    return { password }
  })
  serve(app, context, resetTwoFactor, async ({ asker, textIn }) => {
    const { userId } = await mustBeAnother(context, asker, textIn('userId'))
    await auth.removeTwoFactor(userId)
    await note(context, asker, { action: 'staff.two-factor-removed', userId, detail: {} })
    return { done: true as const }
  })
  serve(app, context, shutOutStaff, async ({ asker, textIn, body: { isOut, reason } }) => {
    const { userId } = await mustBeAnother(context, asker, textIn('userId'))
    const disabledAt = isOut ? formatInstant(wall.now()) : null
    await setDisabled(db, { userId, disabledAt })
    const action = isOut ? 'staff.disabled' : 'staff.enabled'
    await note(context, asker, { action, userId, detail: { reason } })
    return { done: true as const }
  })
}

function toItem(
  { language: _language, agentId: _a, teamId: _t, agencyId: _g, roles, ...person }: Staff,
  use: ReadonlyMap<string, Awaited<ReturnType<typeof listStaffUse>>[number]>,
  asker: Asker,
) {
  const {
    agent = null,
    hasTwoFactor = false,
    sessions = 0,
    lastSeenAt = null,
  } = use.get(person.userId) ?? {}
  const used = { agent, hasTwoFactor, sessions, lastSeenAt }
  return { ...person, ...used, roles: [...roles], isMe: person.userId === asker.userId }
}

/** The last administrator cannot shut the door behind themselves: nobody changes their own account here. */
async function mustBeAnother({ db }: ConsoleContext, asker: Asker, userId: string): Promise<Staff> {
  assertOfHouse(asker)
  const person = (await listStaff(db)).find((each) => each.userId === userId)
  if (person === undefined)
    throw new Problem('resource.not_found', `there is no account ${userId}`, 'userId')
  if (userId === asker.userId)
    throw new Problem(
      'staff.own_account',
      'another administrator changes your own account',
      'userId',
    )
  return person
}

async function mustExist({ db }: ConsoleContext, post: Post): Promise<void> {
  const unknown = await unknownPlaces(db, agentNamed(post))
  if (unknown.length > 0)
    throw new Problem('request.invalid', `there is no ${unknown.join(' and no ')}`, 'team')
}

function agentNamed({ team, agency, agent }: Post) {
  return {
    ...(team === null ? {} : { team }),
    ...(agency === null ? {} : { agency }),
    ...(agent === null ? {} : { agent }),
  }
}

function placesOf(post: Post) {
  const { agent, ...places } = agentNamed(post)
  return { ...places, ...(agent === undefined ? {} : { agentLogin: agent }) }
}

function note(
  { db, wall }: ConsoleContext,
  { email: actor }: Asker,
  given: { action: string; userId: string; detail: object },
): Promise<void> {
  const { userId, ...entry } = given
  return insertAudit(db, {
    ...{ ...entry, actor, subject: `staff:${userId}`, at: formatInstant(wall.now()) },
  })
}
