import {
  listProviders,
  resumeProvider as resumeEndpoint,
  stopProvider as stopEndpoint,
} from '@dunlin/contract'
import { readProviders, resumeProvider, stopProvider } from '../../contact/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { assertOfHouse, serve } from '../serve.ts'

/** Provider accounts and how they fare; a stop forbids at once, its end lets the gate decide again. */
export function routeProviders(app: App, context: ConsoleContext): void {
  const { db } = context
  serve(app, context, listProviders, async ({ asker, at }) => {
    assertOfHouse(asker)
    return readProviders(db, at)
  })
  const switches = [
    { endpoint: stopEndpoint, run: stopProvider },
    { endpoint: resumeEndpoint, run: resumeProvider },
  ] as const
  for (const { endpoint, run } of switches) {
    serve(app, context, endpoint, async ({ asker, body: { reason }, textIn, at }) => {
      assertOfHouse(asker)
      const name = textIn('name')
      const done = await db.transaction((tx) => run(tx, { name, reason, by: asker.email, at }))
      if (done === null)
        throw new Problem('resource.not_found', `there is no provider account ${name}`, 'name')
      return { done: true as const }
    })
  }
}
