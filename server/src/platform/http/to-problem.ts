import type { FastifyError } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { Problem } from './problem.ts'

/** What a caller is told of an error; everything that is not a caller's mistake becomes `server.failed`. */
export function toProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error
  if (hasZodFastifySchemaValidationErrors(error)) return invalid(error)
  const status = error.statusCode ?? SERVER_FAULT
  if (status === TOO_LARGE)
    return new Problem('request.too_large', 'the body is larger than this address takes')
  if (status === MEDIA_TYPE)
    return new Problem('request.media_type', `${error.message}: see /docs for what it takes`)
  if (status < SERVER_FAULT) return new Problem('request.malformed', error.message)
  // What went wrong inside is for the log, not for the caller.
  return new Problem(
    'server.failed',
    'something failed on our side; the request id finds it in the log',
  )
}

const TOO_LARGE = 413
const MEDIA_TYPE = 415
const SERVER_FAULT = 500

type Issues = {
  readonly message: string
  readonly validation: readonly {
    readonly instancePath: string
    readonly message?: string
    readonly params: unknown
  }[]
}

function invalid(error: Issues): Problem {
  const [issue] = error.validation
  const path = issue?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? ''
  const field = [path, unknownKeys(issue?.params)].filter((part) => part !== '').join('.')
  return new Problem('request.invalid', issue?.message ?? error.message, field)
}

/** The names of fields that nobody asked for. */
function unknownKeys(params: unknown): string {
  if (typeof params !== 'object' || params === null || !('keys' in params)) return ''
  return Array.isArray(params.keys) ? params.keys.join(', ') : ''
}

/** Text that no database column takes: a NUL character, or half a surrogate pair. */
function isUnstorable(text: string): boolean {
  return text.includes('\0') || !text.isWellFormed()
}

type Place = { readonly value: unknown; readonly path: string }

/** Refuses what no column takes, anywhere in a request, naming the place. Deep nesting costs no stack. */
export function refuseUnstorable(given: unknown): void {
  const open: Place[] = [{ value: given, path: '' }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next
    if (typeof value === 'string' && isUnstorable(value))
      throw new Problem('request.invalid', 'the text has a character that cannot be stored', path)
    for (const inner of placesIn(next)) open.push(inner)
  }
}

function placesIn({ value, path }: Place): Place[] {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return []
  return Object.entries(value).map(([key, inner]) => {
    if (isUnstorable(key))
      throw new Problem('request.invalid', 'a name has a character that cannot be stored', path)
    return { value: inner, path: path === '' ? key : `${path}.${key}` }
  })
}
