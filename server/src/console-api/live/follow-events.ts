import { Readable } from 'node:stream'
import type { App } from '../../platform/http/index.ts'
import { type ConsoleContext, reachOf } from '../context.ts'
import { assertMay, whoAsks } from '../serve.ts'
import { createFeed } from './feed.ts'

/** How long one stream lasts; the browser asks again, and a session that ended is noticed. */
const STREAM_MS = 5 * 60_000

/** Server-sent events: what changed, by case, so that a page reads again what it shows. */
export function routeLive(app: App, context: ConsoleContext): void {
  const feed = createFeed(context.db)
  app.get('/console-api/live', { schema: { hide: true } }, async (request, reply) => {
    const asker = await whoAsks(context, request)
    assertMay(asker, 'case.read')
    const stream = new Readable({ read: () => undefined })
    stream.push('retry: 1000\n\n')
    const leave = await feed.join({ reach: reachOf(asker), tell: (text) => stream.push(text) })
    const timer = setTimeout(() => stream.push(null), STREAM_MS)
    timer.unref()
    stream.once('close', () => {
      leave()
      clearTimeout(timer)
    })
    request.raw.once('close', () => stream.destroy())
    return reply.type('text/event-stream').header('cache-control', 'no-store').send(stream)
  })
}
