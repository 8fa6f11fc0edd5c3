import { formatInstant } from '@dunlin/kernel'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'

const PASSWORD_SIGN_IN = '/auth/sign-in/email'
const emailSchema = z.object({ email: z.string().max(320) })
const WRONG = 401

/** The sign-in library's addresses: passwords, codes, passkeys, OIDC, sessions; a locked address is told so. */
export function routeSignIn(app: App, context: ConsoleContext): void {
  const { auth, guard } = context
  app.route({
    method: ['GET', 'POST'],
    url: '/auth/*',
    schema: { hide: true },
    handler: async (request, reply) => {
      const isPassword = request.url.split('?')[0] === PASSWORD_SIGN_IN
      const email = isPassword ? emailSchema.safeParse(request.body).data?.email : undefined
      if (email === undefined) return pass(await auth.handle(toWeb(request, context)), reply)
      const until = await guard.lockedUntil(email)
      if (until !== null)
        throw new Problem(
          'auth.locked',
          `too many wrong passwords: try again after ${formatInstant(until)}`,
          'email',
        )
      const answer = await auth.handle(toWeb(request, context))
      if (answer.status === WRONG) await guard.noteFailure(email)
      if (answer.ok) await guard.noteSuccess(email)
      return pass(answer, reply)
    },
  })
}

function toWeb(request: FastifyRequest, { origins }: ConsoleContext): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string' && name !== 'content-length') headers.set(name, value)
  }
  // Where the library looks for the address of the browser, which the session list shows.
  headers.set('x-forwarded-for', request.ip)
  const body = request.method === 'GET' ? {} : { body: JSON.stringify(request.body ?? {}) }
  return new Request(new URL(request.url, origins[0]), {
    method: request.method,
    headers,
    ...body,
  })
}

async function pass(answer: Response, reply: FastifyReply): Promise<FastifyReply> {
  reply.status(answer.status).header('cache-control', 'no-store')
  for (const [name, value] of answer.headers) {
    if (name !== 'set-cookie' && name !== 'content-length') reply.header(name, value)
  }
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) reply.header('set-cookie', cookies)
  return reply.send(await answer.text())
}
