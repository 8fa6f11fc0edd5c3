import type { FastifyRequest } from 'fastify'
import { type ApiContext, authorise } from '../context.ts'

export const HEADERS = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** A demo shows its made-up book to whoever is on this machine; anything else needs a key. */
export async function authorisePage(context: ApiContext, request: FastifyRequest): Promise<void> {
  if (!context.isDemo) await authorise(context, request, 'read')
}
