import type { EndpointKey } from '@dunlin/contract'
import { CAPABILITIES, type Capability, capabilitiesOf, type Endpoint } from '@dunlin/contract'
import type { Instant } from '@dunlin/kernel'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { findStaff } from '../people/index.ts'
import { type App, Problem, readId, readInput } from '../platform/http/index.ts'
import type { Asker, ConsoleContext } from './context.ts'

export type Asked<Query, Body> = {
  readonly asker: Asker
  readonly query: Query
  readonly body: Body
  /** An id from the address: digits, or a problem that names it. */
  readonly idIn: (name: string) => string
  /** A name from the address, as it was sent. */
  readonly textIn: (name: string) => string
  /** The product's clock when the request came. */
  readonly at: Instant
}

const METHODS = z.enum(['GET', 'POST', 'PUT', 'DELETE'])
const params = z.record(z.string(), z.string())

/**
 * Serves an endpoint of the contract: signs in, checks the role, reads what was sent, and lets out what the
 * contract names and nothing more.
 */
export function serve<Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType>(
  app: App,
  context: ConsoleContext,
  endpoint: Endpoint<EndpointKey, Query, Body, Answer>,
  handle: (asked: Asked<z.output<Query>, z.output<Body>>) => Promise<z.input<Answer>>,
): void {
  const [methodText, url = ''] = endpoint.key.split(' ')
  const method = METHODS.parse(methodText)
  app.route({
    method,
    url,
    schema: { hide: true },
    handler: async (request, reply) => {
      reply.header('cache-control', 'no-store')
      if (method !== 'GET') assertOwnOrigin(context, request)
      const asker = await whoAsks(context, request)
      assertMay(asker, endpoint.needs)
      const given = params.parse(request.params ?? {})
      const answer = await handle({
        asker,
        query: readInput(endpoint.query, request.query ?? {}),
        body: readInput(endpoint.body, method === 'GET' ? undefined : (request.body ?? {})),
        idIn: (name) => readId(given, name),
        textIn: (name) => given[name] ?? '',
        at: context.clock.now(),
      })
      return endpoint.answer.parse(answer)
    },
  })
}

/** The signed-in person; a problem for everybody else. */
export async function whoAsks(
  { auth, db }: ConsoleContext,
  request: FastifyRequest,
): Promise<Asker> {
  const headers = new Headers({ cookie: request.headers.cookie ?? '' })
  const signedIn = await auth.whoIs(headers)
  if (signedIn === null) throw new Problem('auth.missing', 'sign in first')
  const staff = await findStaff(db, signedIn.userId)
  if (staff === null)
    throw new Problem('auth.role', 'this account has no role here: ask an administrator')
  const { sessionId, hasTwoFactor } = signedIn
  const capabilities = new Set(capabilitiesOf(staff.roles))
  return { ...staff, sessionId, hasTwoFactor, capabilities }
}

export function assertMay({ capabilities }: Asker, needs: Capability | null): void {
  if (needs === null || capabilities.has(needs)) return
  throw new Problem('auth.role', `this needs one of the roles ${CAPABILITIES[needs].join(', ')}`)
}

/** What is about the whole book is not for people of an agency, who reach what was placed with it. */
export function assertOfHouse({ agencyId }: Asker): void {
  if (agencyId !== null)
    throw new Problem('auth.role', 'this is about the whole book: an agency sees its own cases')
}

/** Cookies travel with requests of any page: a change is taken from our own only. */
export function assertOwnOrigin({ origins }: ConsoleContext, { headers }: FastifyRequest): void {
  const { origin } = headers
  if (origin !== undefined && !origins.includes(origin))
    throw new Problem('auth.origin', `${origin} is not where the console is served`)
}
