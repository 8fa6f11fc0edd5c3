import type { z } from 'zod'

/** What an endpoint of the contract is to its caller: types alone, no schema is loaded. */
type Endpoint = {
  readonly key: string
  readonly query: z.ZodType
  readonly body: z.ZodType
  readonly answer: z.ZodType
}
type Endpoints = Readonly<Record<string, Endpoint>>

/** The names in braces of an address: `/cases/:caseId` → `caseId`. */
type Names<Path> = Path extends `${infer Head}/${infer Rest}`
  ? Names<Head> | Names<Rest>
  : Path extends `:${infer Name}`
    ? Name
    : never
type Params<Key> = Key extends `${string} ${infer Path}` ? Names<Path> : never

/** What a call gives: places of the address, query, body; only what the endpoint takes. */
export type Given<E extends Endpoint> = ([Params<E['key']>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: Readonly<Record<Params<E['key']>, string>> }) &
  (undefined extends z.input<E['body']>
    ? { readonly body?: undefined }
    : { readonly body: z.input<E['body']> }) & {
    readonly query?: z.input<E['query']>
    readonly signal?: AbortSignal
    /** Sent again with the same key, the work is done once. */
    readonly once?: string
  }
export type AnswerOf<E extends Endpoint> = z.output<E['answer']>

export type Client<All extends Endpoints> = <Key extends keyof All & string>(
  key: Key,
  given: Given<All[Key]>,
) => Promise<AnswerOf<All[Key]>>

/** What the server said instead of an answer (RFC 9457). */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly status: number
  readonly code: string
  readonly field: string | null
  readonly requestId: string | null

  constructor(status: number, problem: Readonly<Record<string, unknown>>) {
    super(typeof problem.detail === 'string' ? problem.detail : `HTTP ${status}`)
    this.status = status
    this.code = typeof problem.code === 'string' ? problem.code : 'server.failed'
    this.field = typeof problem.field === 'string' ? problem.field : null
    this.requestId = typeof problem.requestId === 'string' ? problem.requestId : null
  }
}

/** A client whose calls are checked against the contract when they are compiled. */
export function createClient<All extends Endpoints>(): Client<All> {
  return (key, given) => {
    const [method = 'GET', path = ''] = key.split(' ')
    const places: Readonly<Record<string, string>> = given.params ?? {}
    return request(method, withQuery(fill(path, places), given.query), given)
  }
}

/** Puts values into the places of an address: `/cases/:id` and `{ id: '7' }` → `/cases/7`. */
export function fill(path: string, places: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(places[name] ?? ''))
}

function withQuery(path: string, query: unknown): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  return search.size === 0 ? path : `${path}?${search}`
}

/** Sends a request of any address of ours; JSON both ways. */
export async function request<Answer>(
  method: string,
  url: string,
  given: { readonly body?: unknown; readonly signal?: AbortSignal; readonly once?: string },
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: {
      accept: 'application/json',
      ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
      ...(given.once === undefined ? {} : { 'idempotency-key': given.once }),
    },
    ...(method === 'GET' ? {} : { body: JSON.stringify(given.body ?? {}) }),
    ...(given.signal === undefined ? {} : { signal: given.signal }),
  })
  if (!response.ok) throw new ProblemError(response.status, await response.json().catch(() => ({})))
  const answer: Answer = await response.json()
  return answer
}
