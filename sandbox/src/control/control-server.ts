import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'

/** Answers one request of the control endpoint: any JSON value. Throws RangeError for bad input. */
export type Control = (request: {
  readonly query: URLSearchParams
  readonly body: unknown
}) => unknown

/** `GET /clock` → what answers it. */
export type Controls = Readonly<Record<string, Control>>

export type ControlServer = { readonly port: number; readonly close: () => Promise<void> }

const BODY_CHARS_MAX = 1_000_000

/** The HTTP endpoint on the loopback address by which tests and demos direct the world. */
export async function startControlServer(port: number, controls: Controls): Promise<ControlServer> {
  const server = createServer((request, response) => {
    serve(controls, request).then(
      ({ status, value }) => write(response, status, value),
      (error: unknown) => write(response, 500, { error: messageOf(error) }),
    )
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    port: address.port,
    close: async () => {
      server.closeAllConnections()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

type Answer = { readonly status: number; readonly value: unknown }

async function serve(controls: Controls, request: IncomingMessage): Promise<Answer> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const control = controls[`${request.method} ${url.pathname}`]
  if (control === undefined) {
    return { status: 404, value: { error: 'unknown; there is:', doors: Object.keys(controls) } }
  }
  try {
    const body = await bodyOf(request)
    return { status: 200, value: control({ query: url.searchParams, body }) ?? {} }
  } catch (error) {
    if (error instanceof RangeError || error instanceof SyntaxError) {
      return { status: 400, value: { error: error.message } }
    }
    throw error
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const body = await text(request)
  if (body.length > BODY_CHARS_MAX) throw new RangeError('the body is too long')
  return body === '' ? {} : JSON.parse(body)
}

function write(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(value))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
