import { z } from 'zod'
import { changes, done, noQuery, reads } from './endpoint.ts'
import { roleSchema } from './role-schemas.ts'

// Who signs in, as what, and where they belong; the administrator's page.

const place = z.string().trim().min(1).max(200).nullable()

const post = {
  roles: z.array(roleSchema).min(1),
  team: place,
  agency: place,
  /** The login of the agent that they are for the gate; null: they contact nobody. */
  agent: place,
}

const person = z.strictObject({
  ...post,
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  hasTwoFactor: z.boolean(),
  /** Browsers that are signed in now. */
  sessions: z.int(),
  lastSeenAt: z.string().nullable(),
  /** Null: they may sign in. */
  disabledAt: z.string().nullable(),
  /** Of the asker, who may not change their own post or shut themselves out. */
  isMe: z.boolean(),
})
export type StaffItem = z.infer<typeof person>

export const listStaffPage = reads('GET /console-api/staff', 'staff.manage', {
  query: noQuery,
  answer: z.strictObject({
    items: z.array(person),
    teams: z.array(z.string()),
    agencies: z.array(z.string()),
    agents: z.array(z.string()),
  }),
})

/** A password of ours, told once: it is kept nowhere as it is. */
const password = z.strictObject({ password: z.string() })

export const addStaffRequest = changes('POST /console-api/staff', 'staff.manage', {
  body: z.strictObject({
    ...post,
    email: z.email().max(200),
    name: z.string().trim().min(1).max(100),
  }),
  answer: password,
})

const at = 'POST /console-api/staff/:userId'
export const postStaff = changes(`${at}/post`, 'staff.manage', {
  body: z.strictObject(post),
  answer: done,
})
/** A new password; every browser of theirs is signed out. */
export const resetPassword = changes(`${at}/password`, 'staff.manage', {
  body: noQuery,
  answer: password,
})
/** Takes the one-time codes away from somebody who lost them; every browser of theirs is signed out. */
export const resetTwoFactor = changes(`${at}/two-factor`, 'staff.manage', {
  body: noQuery,
  answer: done,
})
export const shutOutStaff = changes(`${at}/access`, 'staff.manage', {
  body: z.strictObject({ isOut: z.boolean(), reason: z.string().trim().min(1).max(500) }),
  answer: done,
})

export const STAFF_ENDPOINTS = [
  listStaffPage,
  addStaffRequest,
  postStaff,
  resetPassword,
  resetTwoFactor,
  shutOutStaff,
] as const
