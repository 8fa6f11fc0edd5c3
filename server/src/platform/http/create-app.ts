import type { IncomingMessage, ServerResponse } from 'node:http'
import fastifySwagger from '@fastify/swagger'
import scalar from '@scalar/fastify-api-reference'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type RawServerDefault,
} from 'fastify'
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { Problem, problemBody } from './problem.ts'

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** Bytes of a request body: room for an import of a few hundred thousand rows. */
const BODY_BYTES_MAX = 64 * 1024 * 1024

export type AppOptions = {
  readonly version: string
  /** Told of failures that are ours; never of a caller's mistakes. */
  readonly onFailure: (error: unknown, requestId: string) => void
}

/** A Fastify app with zod schemas, problem details, an OpenAPI 3.1 document and its reference page. */
export async function createApp({ version, onFailure }: AppOptions): Promise<App> {
  const app: App = Fastify({
    // A page that follows the timeline would otherwise keep us from ending.
    forceCloseConnections: true,
    bodyLimit: BODY_BYTES_MAX,
    requestIdHeader: 'x-request-id',
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Dunlin', version, description: 'Collections under one gate.' },
      components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
      security: [{ key: [] }],
    },
    transform: jsonSchemaTransform,
  })
  await app.register(scalar, { routePrefix: '/docs', configuration: { url: '/openapi.json' } })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  app.setNotFoundHandler((request) => {
    throw new Problem(
      'resource.not_found',
      `there is no ${request.method} ${request.url.split('?')[0] ?? ''}`,
    )
  })
  app.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const problem = toProblem(error)
    if (problem.status >= 500) onFailure(error, request.id)
    return reply
      .status(problem.status)
      .header('content-type', 'application/problem+json')
      .send(JSON.stringify(problemBody(problem, request.id)))
  })
  return app
}

function toProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [issue] = error.validation
    const path = issue?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? ''
    const keys = unknownKeys(issue?.params)
    const field = [path, keys].filter((part) => part !== '').join('.')
    return new Problem('request.invalid', issue?.message ?? error.message, field)
  }
  const status = error.statusCode ?? 500
  if (status < 500) return new Problem('request.malformed', error.message)
  // What went wrong inside is for the log, not for the caller.
  return new Problem(
    'server.failed',
    'something failed on our side; the request id finds it in the log',
  )
}

/** The names of fields that nobody asked for. */
function unknownKeys(params: unknown): string {
  if (typeof params !== 'object' || params === null || !('keys' in params)) return ''
  return Array.isArray(params.keys) ? params.keys.join(', ') : ''
}
