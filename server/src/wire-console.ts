import { ensureWeb } from './build-web.ts'
import type { ConsoleContext } from './console-api/index.ts'
import { guardSignIn } from './people/index.ts'
import { openAuth, readAuthSecret } from './platform/auth/index.ts'
import { systemClock } from './platform/clock.ts'
import { type Config, homePaths } from './platform/config/index.ts'

type Given = Omit<ConsoleContext, 'wall' | 'auth' | 'guard' | 'home' | 'origins' | 'webFolder'> & {
  readonly config: Config
}

/** What the console's routes work with; builds the console when these sources were not built before. */
export async function consoleOf(world: Given): Promise<ConsoleContext> {
  const { db, sealer, reactions, clock, clockRate, gate, isDemo, config, signer } = world
  const wall = systemClock()
  const local = [`http://localhost:${config.port}`, `http://127.0.0.1:${config.port}`] as const
  const origins = config.publicUrl === null ? local : ([config.publicUrl, ...local] as const)
  const secret = await readAuthSecret(homePaths(config.home).authSecret)
  const auth = openAuth({ databaseUrl: db.url, secret, origins, oidc: config.oidc })
  const guard = guardSignIn(db, sealer, wall)
  const webFolder = await ensureWeb('console', (line) => process.stdout.write(`${line}\n`))
  const clocks = { clock, wall, clockRate }
  const { importer, onFailure } = world
  const parts = { db, sealer, reactions, gate, signer, importer, onFailure, home: config.home }
  return { ...parts, ...clocks, auth, guard, isDemo, origins, webFolder }
}
