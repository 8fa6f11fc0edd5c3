import type { Clock, Instant, Result } from '@dunlin/kernel'
import type { FastifyRequest } from 'fastify'
import type { Registry } from 'prom-client'
import type { z } from 'zod'
import type { Gate } from '../contact/index.ts'
import type { Importer } from '../loanbook/index.ts'
import type { OnTransfer, PaymentsContext } from '../payments/index.ts'
import { findApiKey } from '../people/index.ts'
import type { Actor, PlanRefusal, Role, Work } from '../plans/index.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import type { Reactions } from '../platform/events/index.ts'
import type { EvidenceSigner } from '../platform/evidence/index.ts'
import { type Answer, onceByKey, Problem } from '../platform/http/index.ts'
import type { Sealer } from '../platform/seal/index.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The name of the key that asks; empty on public addresses. */
    caller: string
    /** What the key's scopes let its holder forgive and approve. */
    role: Role
  }
}

/** What the API's routes work with; made once by main.ts. */
export type ApiContext = {
  readonly db: Database
  readonly sealer: Sealer
  readonly reactions: Reactions
  readonly clock: Clock
  readonly gate: Gate
  readonly signer: EvidenceSigner
  readonly home: string
  readonly version: string
  readonly trustedProxies?: readonly string[]
  readonly metrics: Registry
  readonly isDemo: boolean
  /** Shared with the console: what is under way counts for both. */
  readonly importer: Importer
  readonly payments: PaymentsContext
  readonly onTransfer: OnTransfer
  readonly unsubscribe: (token: string) => Promise<boolean>
  readonly onFailure: (error: unknown, requestId: string) => void
}

export type Scope = 'read' | 'write' | 'admin'

/** The caller of a request: the name of the key and its role. Throws when there is none, or when its scopes do not reach. */
export async function authorise(
  { db, sealer }: ApiContext,
  request: FastifyRequest,
  scope: Scope,
): Promise<Actor> {
  const [kind, key = ''] = (request.headers.authorization ?? '').split(' ')
  const found =
    kind === 'Bearer' && key !== '' ? await findApiKey(db, sealer.hash('api_key', key)) : null
  if (found === null)
    throw new Problem('auth.missing', 'send an API key: Authorization: Bearer KEY')
  if (!found.scopes.includes(scope) && !found.scopes.includes('admin')) {
    throw new Problem('auth.scope', `the key ${found.name} lacks the scope ${scope}`)
  }
  return { id: found.name, role: found.scopes.includes('admin') ? 'manager' : 'agent' }
}

/** Who acts in a request. */
export function actorOf({ caller, role }: FastifyRequest): Actor {
  return { id: caller, role }
}

/** Answers a POST once with what an operation of `plans` returns; its refusal is the problem of that code. */
export function answerWork<Value, Body>(
  context: ApiContext,
  request: FastifyRequest,
  given: {
    readonly schema: z.ZodType<Body>
    readonly work: (work: Work) => Promise<Result<Value, PlanRefusal>>
    readonly toResponse: (value: Value) => Body
  },
): Promise<Answer<Body>> {
  const { reactions, sealer } = context
  return answerOnce(context, request, {
    schema: given.schema,
    work: async (tx, at) => {
      const done = await given.work({ tx, at, reactions, sealer })
      if (!done.ok) throw new Problem(done.refusal.code, done.refusal.detail, done.refusal.field)
      return { status: 201, body: given.toResponse(done.value) }
    },
  })
}

/** The Idempotency-Key header, one value. */
export function idempotencyKey(request: FastifyRequest): string | undefined {
  const header = request.headers['idempotency-key']
  return typeof header === 'string' && header !== '' ? header : undefined
}

/** Answers a POST once for its Idempotency-Key; the work runs in the transaction that keeps the answer. */
export function answerOnce<Body>(
  { db, clock }: ApiContext,
  request: FastifyRequest,
  given: {
    readonly schema: z.ZodType<Body>
    readonly work: (tx: Tx, at: Instant) => Promise<Answer<Body>>
  },
): Promise<Answer<Body>> {
  const at = clock.now()
  const once = {
    key: idempotencyKey(request),
    caller: request.caller,
    route: `${request.method} ${request.url}`,
    request: request.body,
    at,
    parse: (body: unknown) => given.schema.parse(body),
  }
  return onceByKey(db, once, (tx) => given.work(tx, at))
}
