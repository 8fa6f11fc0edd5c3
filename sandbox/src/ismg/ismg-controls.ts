import type { Controls } from '../control/control-server.ts'
import { changeOf, textField } from '../control/read-body.ts'
import type { Ismg } from './ismg.ts'
import { ISMG_BEHAVED } from './misbehaviour.ts'

/** The control doors of the CMPP gateway. */
export function ismgControls(ismg: Ismg): Controls {
  return {
    'GET /ismg': () => ({
      ...ismg.log.summary(),
      bound: ismg.bound(),
      undelivered: ismg.undelivered(),
      misbehaviour: ismg.misbehaviour(),
    }),
    'GET /ismg/submits': ({ query }) => ismg.log.list(query.get('to') ?? undefined),
    'DELETE /ismg/submits': () => ismg.log.clear(),
    'POST /ismg/misbehave': ({ body }) => ismg.misbehave(changeOf(ISMG_BEHAVED, body)),
    'POST /ismg/drop': () => ismg.dropConnections(),
    'POST /ismg/phone': ({ body }) =>
      ismg.sendFromPhone({
        from: textField(body, 'from'),
        to: textField(body, 'to'),
        text: textField(body, 'text'),
      }),
  }
}
