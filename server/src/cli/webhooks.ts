import { parseInstant } from '@dunlin/kernel'
import type { World } from '../main.ts'
import { listEndpointStates, requeue } from '../platform/webhooks/index.ts'
import { EXIT, type Io } from './io.ts'

/** `dunlin webhooks replay NAME --from INSTANT [--until INSTANT]`: sends the events of a period again. */
export async function runWebhooksReplay(
  { db, clock }: World,
  asked: { readonly name: string; readonly from: string; readonly until: string | undefined },
  io: Io,
): Promise<number> {
  const from = parseInstant(asked.from)
  const until = asked.until === undefined ? clock.now() : parseInstant(asked.until)
  if (from === null || until === null) {
    io.error('an instant is written like 2026-06-01T00:00:00Z')
    return EXIT.usage
  }
  const queued = await db.transaction((tx) => requeue(tx, { name: asked.name, from, until }))
  if (queued === null) {
    io.error(`there is no webhook ${asked.name}`)
    return EXIT.usage
  }
  io.out(`${queued} events are sent again; the worker does it`)
  return EXIT.ok
}

/** `dunlin webhooks list`: exit 1 when one of them does not work. */
export async function runWebhooksList({ db }: World, json: boolean, io: Io): Promise<number> {
  const states = await listEndpointStates(db)
  for (const state of states) {
    if (json) {
      io.out(JSON.stringify(state))
      continue
    }
    const { name, isEnabled, failingSince, waiting, givenUp, lastError } = state
    const health =
      failingSince === null ? 'works' : `failing since ${failingSince} (${lastError ?? 'unknown'})`
    io.out(
      `${name}: ${isEnabled ? health : 'disabled'}, ${waiting} waiting, ${givenUp} given up → ${state.url}`,
    )
  }
  const isWell = states.every(({ failingSince, isEnabled }) => failingSince === null && isEnabled)
  return isWell ? EXIT.ok : EXIT.problems
}
