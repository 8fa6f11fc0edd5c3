import type { PortalEndpoint, PortalKey } from '@dunlin/contract'
import { formatInstant, type Instant, instant } from '@dunlin/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { PlanRefusal, Work } from '../plans/index.ts'
import { insertAudit } from '../platform/audit/index.ts'
import { type App, onceByKey, Problem, readId, readInput } from '../platform/http/index.ts'
import type { PortalContext } from './context.ts'
import { type Door, SESSION_IDLE_MS, SESSION_MAX_MS } from './limits.ts'
import { findVisitor, keepSession, knock, type Visitor } from './session/session-store.ts'

const COOKIE = 'dunlin_portal'
const METHODS = z.enum(['GET', 'POST'])
const params = z.record(z.string(), z.string())

export type Asked<Body> = {
  readonly body: Body
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** An id from the address: digits, or a problem. */
  readonly idIn: (name: string) => string
}
export type AskedBy<Body> = Asked<Body> & {
  readonly visitor: Visitor
  /** The product's clock when the request came. */
  readonly at: Instant
}
export type Acting<Body> = AskedBy<Body> & { readonly work: Work }

type Served<Body extends z.ZodType, Answer extends z.ZodType> = PortalEndpoint<
  PortalKey,
  Body,
  Answer
>

/** Serves an address without a session: its door counts who knocks. */
export function serveOpen<Body extends z.ZodType, Answer extends z.ZodType>(
  { app, context, door }: { app: App; context: PortalContext; door: Door },
  endpoint: Served<Body, Answer>,
  handle: (asked: Asked<z.output<Body>>) => Promise<z.input<Answer>>,
): void {
  route(app, endpoint, async (asked) => {
    assertOwnOrigin(context, asked.request)
    await assertMayKnock(context, { door, from: asked.request.ip })
    return handle(asked)
  })
}

/** Serves what a borrower with a session reads. */
export function serveRead<Body extends z.ZodType, Answer extends z.ZodType>(
  { app, context }: { app: App; context: PortalContext },
  endpoint: Served<Body, Answer>,
  handle: (asked: AskedBy<z.output<Body>>) => Promise<z.input<Answer>>,
): void {
  route(app, endpoint, async (asked) => {
    const visitor = await whoAsks(context, asked.request)
    return handle({ ...asked, visitor, at: context.clock.now() })
  })
}

/**
 * Serves an act of a borrower: once for its Idempotency-Key, in one transaction with its line in the audit,
 * so many an hour.
 */
export function serveAct<Body extends z.ZodType, Answer extends z.ZodType>(
  { app, context }: { app: App; context: PortalContext },
  endpoint: Served<Body, Answer>,
  handle: (asked: Acting<z.output<Body>>) => Promise<z.input<Answer>>,
  before?: (asked: AskedBy<z.output<Body>>) => Promise<void>,
): void {
  route(app, endpoint, async (asked) => {
    const { request } = asked
    assertOwnOrigin(context, request)
    const visitor = await whoAsks(context, request)
    const { borrowerId, caseId } = visitor
    await assertMayKnock(context, { door: 'act', from: `borrower ${borrowerId}` })
    const { db, reactions, sealer, clock } = context
    const at = clock.now()
    await before?.({ ...asked, visitor, at })
    const once = {
      key: keyOf(request),
      caller: `portal ${borrowerId}`,
      route: `${request.method} ${request.url}`,
      request: asked.body,
      at,
      parse: (body: unknown) => endpoint.answer.parse(body),
    }
    const answer = await onceByKey(db, once, async (tx) => {
      const work = { tx, at, reactions, sealer }
      const body = endpoint.answer.parse(await handle({ ...asked, visitor, at, work }))
      await insertAudit(tx, {
        actor: `borrower ${borrowerId}`,
        action: endpoint.key,
        subject: `case ${caseId}`,
        detail: {},
        at: formatInstant(at),
      })
      return { status: 201, body }
    })
    return answer.body
  })
}

function route<Body extends z.ZodType, Answer extends z.ZodType>(
  app: App,
  endpoint: Served<Body, Answer>,
  handle: (asked: Asked<z.output<Body>>) => Promise<unknown>,
): void {
  const [methodText, url = ''] = endpoint.key.split(' ')
  const method = METHODS.parse(methodText)
  app.route({
    method,
    url,
    schema: { hide: true },
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store')
      const given = params.parse(request.params ?? {})
      const body = readInput(endpoint.body, method === 'GET' ? undefined : (request.body ?? {}))
      const answer = await handle({ body, request, reply, idIn: (name) => readId(given, name) })
      return endpoint.answer.parse(answer)
    },
  })
}

/** The borrower of the cookie's session; the same problem for everybody else. */
export async function whoAsks(
  { db, sealer, wall }: PortalContext,
  request: FastifyRequest,
): Promise<Visitor> {
  const token = readCookie(request)
  const at = wall.now()
  const borrowerId =
    token === null
      ? null
      : await keepSession(db, {
          tokenHash: sealer.hash('portal_session', token),
          at,
          until: instant(at + SESSION_IDLE_MS),
          maxSeconds: SESSION_MAX_MS / 1000,
        })
  const visitor = borrowerId === null ? null : await findVisitor(db, borrowerId)
  if (visitor === null) throw new Problem('portal.no_session', 'open the link of a message again')
  return visitor
}

export async function assertMayKnock(
  { db, sealer, wall }: PortalContext,
  { door, from }: { door: Door; from: string },
): Promise<void> {
  const fromHash = sealer.hash('portal_knock', from)
  if (!(await knock(db, { door, fromHash, at: wall.now() })))
    throw new Problem('portal.too_many', 'too many requests: wait a while')
}

/** Cookies travel with requests of any page: an act is taken from our own only. */
function assertOwnOrigin({ gate }: PortalContext, { headers }: FastifyRequest): void {
  const { origin, host } = headers
  if (origin === undefined || origin === new URL(gate.publicUrl).origin) return
  if (URL.canParse(origin) && new URL(origin).host === host) return
  throw new Problem('portal.origin', 'this page is not where the portal is served')
}

export function readCookie({ headers }: FastifyRequest): string | null {
  const found = (headers.cookie ?? '')
    .split(';')
    .map((each) => each.trim().split('='))
    .find(([name]) => name === COOKIE)
  const value = found?.[1] ?? ''
  return /^[\w-]{40,60}$/.test(value) ? value : null
}

export function setCookie(
  { gate }: PortalContext,
  reply: FastifyReply,
  { token, seconds }: { token: string; seconds: number },
): void {
  const secure = gate.publicUrl.startsWith('https:') ? '; Secure' : ''
  reply.header(
    'set-cookie',
    `${COOKIE}=${token}; Path=/portal-api; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`,
  )
}

/** The value of an operation of `plans`; its refusal is the problem of that code. */
export function granted<Value>(
  result:
    | { readonly ok: true; readonly value: Value }
    | { readonly ok: false; readonly refusal: PlanRefusal },
): Value {
  if (result.ok) return result.value
  const { code, detail, field } = result.refusal
  throw new Problem(code, detail, field)
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const header = headers['idempotency-key']
  return typeof header === 'string' && header !== '' ? header : undefined
}
