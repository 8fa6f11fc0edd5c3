import type { RouteOptions } from 'fastify'
import { jsonSchemaTransform } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type ProblemCode, STATUS } from './problem.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a caller's key must reach; `public` needs none. */
    scope?: 'read' | 'write' | 'admin' | 'public'
    /** Problems of the route beyond those that every route may answer with. */
    problems?: readonly ProblemCode[]
    /** Takes an Idempotency-Key. */
    once?: boolean
    /** JSON Schema of headers that it reads beside. */
    headers?: object
  }
}

const EVERYWHERE: readonly ProblemCode[] = ['request.invalid', 'request.malformed', 'server.failed']
const WITH_KEY: readonly ProblemCode[] = ['auth.missing', 'auth.scope']
const WITH_BODY: readonly ProblemCode[] = ['request.too_large', 'request.media_type']
const ONCE: readonly ProblemCode[] = ['idempotency.conflict', 'idempotency.in_progress']

export const PROBLEM_SCHEMA = {
  type: 'object' as const,
  description: 'What is wrong (RFC 9457). `field` names the part of the request that is meant.',
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
  properties: {
    type: { type: 'string' as const },
    title: { type: 'string' as const },
    status: { type: 'integer' as const },
    code: { type: 'string' as const, enum: Object.keys(STATUS) },
    detail: { type: 'string' as const },
    requestId: { type: 'string' as const },
    field: { type: 'string' as const },
  },
}

type Given = Parameters<typeof jsonSchemaTransform>[0]
type Described = ReturnType<typeof jsonSchemaTransform>

/** A route's OpenAPI from its zod schemas, with the problems it may answer with and the headers it takes. */
export function describeRoute(given: Given & { route?: RouteOptions }): Described {
  const { described, body } = describeBody(given)
  const { schema } = described
  const config = given.route?.config
  if (schema === undefined || schema.hide === true || config === undefined) return described
  const hasBody = given.schema?.body !== undefined
  const problems = [
    ...EVERYWHERE,
    ...(config.scope === 'public' ? [] : WITH_KEY),
    ...(hasBody ? WITH_BODY : []),
    ...(config.once === true ? ONCE : []),
    ...(config.problems ?? []),
  ]
  const responses = {
    ...answersOf(schema.response),
    ...problemResponses(problems),
  }
  const security = config.scope === 'public' ? { security: [] } : { 'x-scope': config.scope }
  const taken = config.once === true ? IDEMPOTENCY_HEADER : config.headers
  const headers = taken === undefined ? {} : { headers: taken }
  return {
    ...described,
    schema: { ...schema, ...body, ...security, ...headers, response: responses },
  }
}

/** A body of several media types is described type by type; any other is left to the library. */
function describeBody(given: Given): { described: Described; body: object } {
  const body = given.schema?.body
  if (typeof body !== 'object' || body === null || !('content' in body))
    return { described: jsonSchemaTransform(given), body: {} }
  const zod = z.instanceof(z.ZodType)
  const types = z.record(z.string(), z.object({ schema: zod, shown: zod.optional() }))
  const content = Object.entries(types.parse(body.content)).map(([type, { schema, shown }]) => [
    type,
    { schema: withoutNull(z.toJSONSchema(shown ?? schema, { io: 'input' })) },
  ])
  const { body: _body, ...schema } = given.schema ?? {}
  const described = jsonSchemaTransform({ ...given, schema })
  return { described, body: { body: { content: Object.fromEntries(content) } } }
}

/** What is null to the server is absent to the caller. */
function withoutNull(schema: z.core.JSONSchema.BaseSchema): object {
  const [only] = (schema.anyOf ?? []).filter((each) => each.type !== 'null')
  const { $schema: _version, ...rest } = only ?? schema
  return rest
}

const IDEMPOTENCY_HEADER = {
  type: 'object',
  properties: {
    'Idempotency-Key': {
      type: 'string',
      maxLength: 255,
      description:
        'Your own id of this request: sent again with the same body it gets the first answer, and nothing is done twice.',
    },
  },
}

const WORDS: Readonly<Record<string, string>> = { 200: 'As asked', 201: 'Made' }

/** What a route answers when all is well, each with a word. */
function answersOf(response: unknown): Record<string, object> {
  const answers = z.record(z.string(), z.looseObject({})).parse(response ?? {})
  return Object.fromEntries(
    Object.entries(answers).map(([status, answer]) => [
      status,
      { description: WORDS[status] ?? 'Done', ...answer },
    ]),
  )
}

function problemResponses(codes: readonly ProblemCode[]): Record<string, object> {
  const byStatus = Map.groupBy(new Set(codes), (code) => STATUS[code])
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status),
      {
        description: group.map((code) => `\`${code}\``).join(', '),
        content: {
          'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
        },
      },
    ]),
  )
}
