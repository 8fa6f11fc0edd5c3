import { randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { PORTAL } from '@dunlin/contract'
import { instant } from '@dunlin/kernel'
import { z } from 'zod'
import { readPortalToken } from '../../channels/portal-token.ts'
import { askService } from '../../contact/index.ts'
import { lockBorrowers } from '../../loanbook/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { PortalContext } from '../context.ts'
import { CODE_DIGITS, CODE_LIFE_MS, CODE_TRIES_MAX, SESSION_MAX_MS } from '../limits.ts'
import { assertMayKnock, readCookie, serveOpen, setCookie } from '../serve.ts'
import {
  endSession,
  findLastServiceFacts,
  findVisitor,
  insertCode,
  insertSession,
  listOwnPoints,
  noteAttempt,
  tryCode,
  useCode,
  type Visitor,
} from './session-store.ts'

const TEMPLATES = { phone: 'cn-portal-code-sms', email: 'cn-portal-code-email' } as const
const CHANNELS = { phone: 'sms', email: 'email' } as const
const done = { done: true } as const

/** From a signed link to a session: what may be seen before the code is whose page it is, and nothing of a debt. */
export function routeEnter(app: App, context: PortalContext): void {
  serveOpen({ app, context, door: 'link' }, PORTAL.openLink, async ({ body }) => {
    const { borrowerId, lender, contactLine } = await mustOpen(context, body.token)
    const points = await listOwnPoints(context.db, borrowerId)
    return { lender, contactLine, points, isDemo: context.isDemo }
  })
  serveOpen({ app, context, door: 'code' }, PORTAL.sendCode, async ({ body }) => {
    const visitor = await mustOpen(context, body.token)
    await assertMayKnock(context, { door: 'code-of', from: `borrower ${visitor.borrowerId}` })
    await sendCode(context, visitor, body.pointId)
    return { minutes: CODE_LIFE_MS / 60_000 }
  })
  serveOpen({ app, context, door: 'enter' }, PORTAL.enter, async ({ body, reply }) => {
    const visitor = await mustOpen(context, body.token)
    await assertMayKnock(context, { door: 'enter-of', from: `borrower ${visitor.borrowerId}` })
    const token = await startSession(context, visitor, body.code)
    setCookie(context, reply, { token, seconds: SESSION_MAX_MS / 1000 })
    return done
  })
  serveOpen({ app, context, door: 'link' }, PORTAL.leave, async ({ request, reply }) => {
    const token = readCookie(request)
    const { db, sealer, wall } = context
    if (token !== null) await endSession(db, sealer.hash('portal_session', token), wall.now())
    setCookie(context, reply, { token: '', seconds: 0 })
    return done
  })
  if (context.isDemo) routeDemoCode(app, context)
}

/** A link that is not ours, is too old or leads to nobody: one answer, so that nothing is learned from it. */
async function mustOpen(context: PortalContext, token: string): Promise<Visitor> {
  const claim = readPortalToken(context.sealer, token, context.clock.now())
  const visitor = claim === null ? null : await findVisitor(context.db, claim.borrowerId)
  if (visitor === null)
    throw new Problem('portal.bad_link', 'this link is not valid or no longer valid')
  return visitor
}

/** Makes a code and asks dispatch to send it through the gate, as a service that this code's record triggers. */
async function sendCode(
  { db, sealer, gate, clock, wall }: PortalContext,
  { borrowerId, caseId }: Visitor,
  pointId: string,
): Promise<void> {
  const code = String(randomInt(10 ** CODE_DIGITS)).padStart(CODE_DIGITS, '0')
  const madeAt = wall.now()
  await db.transaction(async (tx) => {
    await lockBorrowers(tx, [borrowerId])
    const point = (await listOwnPoints(tx, borrowerId)).find(({ id }) => id === pointId)
    if (point === undefined)
      throw new Problem('portal.cannot_send', 'choose one of your own contact points', 'pointId')
    const codeId = await insertCode(tx, {
      ...{ borrowerId, contactPointId: pointId, codeHash: hashOf(sealer, borrowerId, code) },
      ...{ madeAt, expiresAt: instant(madeAt + CODE_LIFE_MS) },
    })
    const planned = await askService(tx, gate, {
      caseId,
      channel: CHANNELS[point.kind],
      template: TEMPLATES[point.kind],
      contactPointId: pointId,
      trigger: `portal code ${codeId}`,
      reference: codeId,
      code,
      at: clock.now(),
    })
    // A code that waits for its hour is of no use.
    if (!planned.ok || planned.value.verdict?.verdict !== 'permit')
      throw new Problem(
        'portal.cannot_send',
        'we cannot send a code there now: choose another way or call us',
        'pointId',
      )
    await noteAttempt(tx, { borrowerId, codeId }, planned.value.attemptId)
  })
}

/** A code that is wrong, old, used, tried too often or never was: one answer. */
async function startSession(
  { db, sealer, wall }: PortalContext,
  { borrowerId }: Visitor,
  code: string,
): Promise<string> {
  const at = wall.now()
  // Outside the transaction that follows: tries are counted for good.
  const open = await tryCode(db, { borrowerId, at })
  const given = hashOf(sealer, borrowerId, code.trim())
  const bad = new Problem('portal.bad_code', 'this is not the code, or it is too old', 'code')
  if (open === null || open.tries > CODE_TRIES_MAX || !timingSafeEqual(open.codeHash, given))
    throw bad
  const token = randomBytes(32).toString('base64url')
  await db.transaction(async (tx) => {
    if (!(await useCode(tx, { borrowerId, codeId: open.codeId }, at))) throw bad
    await insertSession(tx, { borrowerId, tokenHash: sealer.hash('portal_session', token), at })
  })
  return token
}

function hashOf(sealer: PortalContext['sealer'], borrowerId: string, code: string): Buffer {
  return sealer.hash('portal_code', `${borrowerId} ${code}`)
}

const facts = z.object({ code: z.string() })

/** Nobody holds the phones of made-up borrowers: a demo shows the last code. */
function routeDemoCode(app: App, context: PortalContext): void {
  serveOpen({ app, context, door: 'link' }, PORTAL.demoCode, async ({ body }) => {
    const visitor = await mustOpen(context, body.token)
    return { code: visitor.isDemo ? await lastCode(context, visitor.borrowerId) : null }
  })
}

export async function lastCode(
  { db, sealer }: PortalContext,
  borrowerId: string,
): Promise<string | null> {
  const sealed = await findLastServiceFacts(db, borrowerId)
  if (sealed === null || sealed.length === 0) return null
  return facts.parse(JSON.parse(sealer.open(sealed))).code
}
