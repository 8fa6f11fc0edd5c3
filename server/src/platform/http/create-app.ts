import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import fastifySwagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type RawServerDefault,
} from 'fastify'
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { describeRoute, PROBLEM_SCHEMA } from './describe-route.ts'
import { Problem, problemBody } from './problem.ts'
import { refuseUnstorable, toProblem } from './to-problem.ts'

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** Bytes of a request body, unless a route says otherwise. */
const BODY_BYTES_MAX = 1024 * 1024

/** Characters of one place in an address: room for an unsubscribe token. */
const PARAM_CHARS_MAX = 500

export type AppOptions = {
  /** Addresses and networks whose word of a visitor's own address is believed; absent: nobody's. */
  readonly trustedProxies?: readonly string[]
  readonly version: string
  /** Told of failures that are ours; never of a caller's mistakes. */
  readonly onFailure: (error: unknown, requestId: string) => void
}

/** A Fastify app with zod schemas, problem details, an OpenAPI 3.1 document and its reference page. */
export async function createApp({
  version,
  onFailure,
  trustedProxies = [],
}: AppOptions): Promise<App> {
  const app: App = Fastify({
    // A page that follows the timeline would otherwise keep us from ending.
    forceCloseConnections: true,
    bodyLimit: BODY_BYTES_MAX,
    trustProxy: trustedProxies.length > 0 && [...trustedProxies],
    routerOptions: { maxParamLength: PARAM_CHARS_MAX },
    genReqId: (request) => requestIdOf(request.headers['x-request-id']),
    clientErrorHandler: (error, socket) => {
      if (error.code !== 'ECONNRESET' && socket.writable) socket.end(unreadable())
      else socket.destroy()
    },
    // An address that cannot even be routed is a caller's mistake like any other.
    frameworkErrors: (error, request, reply) => {
      reply.header('x-request-id', request.id)
      return answer(reply, toProblem(error))
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  // A body that is no JSON is refused by its type, not by its shape.
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'x-content-type-options': 'nosniff' })
  })
  app.addHook('preValidation', async ({ body, query, params }) => {
    for (const part of [body, query, params]) refuseUnstorable(part)
  })
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Dunlin', version, description: 'Collections under one gate.' },
      components: {
        securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
        schemas: { Problem: PROBLEM_SCHEMA },
      },
      security: [{ key: [] }],
    },
    transform: describeRoute,
  })
  await app.register(scalar, { routePrefix: '/docs', configuration: { url: '/openapi.json' } })
  app.get('/openapi.json', { schema: { hide: true }, config: { scope: 'public' } }, () =>
    app.swagger(),
  )
  app.setNotFoundHandler((request) => {
    throw new Problem(
      'resource.not_found',
      `there is no ${request.method} ${request.url.split('?')[0] ?? ''}`,
    )
  })
  app.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const problem = toProblem(error)
    if (problem.status >= 500) onFailure(error, request.id)
    return answer(reply, problem)
  })
  return app
}

/** What a caller gets whose bytes are no HTTP, or whose headers are longer than anyone needs. */
function unreadable(): string {
  const id = randomUUID()
  const problem = new Problem('request.malformed', 'no HTTP request that can be read')
  const body = JSON.stringify(problemBody(problem, id))
  const head = [
    'HTTP/1.1 400 Bad Request',
    'connection: close',
    'content-type: application/problem+json',
    `content-length: ${body.length}`,
    `x-request-id: ${id}`,
  ]
  return `${head.join('\r\n')}\r\n\r\n${body}`
}

function answer(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply
    .status(problem.status)
    .header('content-type', 'application/problem+json')
    .send(JSON.stringify(problemBody(problem, reply.request.id)))
}

/** The caller's own id where it is a plain word; otherwise a new one. */
function requestIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && /^[\w.-]{1,64}$/.test(header) ? header : randomUUID()
}
