import { changeLanguage, readMe } from '@dunlin/contract'
import { formatInstant } from '@dunlin/kernel'
import { updateLanguage } from '../../people/index.ts'
import type { App } from '../../platform/http/index.ts'
import type { ConsoleContext } from '../context.ts'
import { serve } from '../serve.ts'

/** Who is signed in, what they may do, and the clock that the screen goes by. */
export function routeMe(app: App, context: ConsoleContext): void {
  serve(app, context, readMe, async ({ asker, at }) => ({
    name: asker.name,
    email: asker.email,
    roles: [...asker.roles],
    capabilities: [...asker.capabilities],
    team: asker.team,
    agency: asker.agency,
    language: asker.language,
    hasTwoFactor: asker.hasTwoFactor,
    sessionId: asker.sessionId,
    isDemo: context.isDemo,
    clock: { now: formatInstant(at), rate: context.clockRate() },
  }))
  serve(app, context, changeLanguage, async ({ asker, body }) => {
    await updateLanguage(context.db, asker.userId, body.language)
    return { done: true as const }
  })
}
