import { instant, Secret } from '@dunlin/kernel'
import { z } from 'zod'
import { dispatchDue, recoverLost } from '../../server/src/contact/index.ts'
import { aGate, aRoute } from '../../server/src/contact/test-gate.ts'
import { openDatabase } from '../../server/src/platform/db/index.ts'
import { createLog } from '../../server/src/platform/log.ts'
import { createLoops } from '../../server/src/platform/loops.ts'
import { createTestSealer } from '../../server/src/platform/seal/index.ts'
import { openProvider } from '../../server/src/wire-providers.ts'

// One dispatcher as a process of its own, to be killed: the loops of main.ts with a clock of the test's.
const optionsSchema = z.object({
  url: z.string(),
  smppPort: z.number(),
  window: z.number(),
  /** What this process takes the time for is this much more than the machine's, in milliseconds. */
  clockAheadMs: z.number(),
})
const { url, smppPort, window, clockAheadMs } = optionsSchema.parse(
  JSON.parse(process.argv[2] ?? ''),
)
const db = openDatabase({ url, connectionsMax: 8 })
const clock = { now: () => instant(Date.now() + clockAheadMs) }
const provider = openProvider(
  {
    ...{ accountId: '1', name: 'smsc', adapter: 'smpp', collectionContent: true },
    settings: {
      ...{ host: '127.0.0.1', port: smppPort, systemId: 'dunlin', sourceAddress: '10690000' },
      ...{ window, reconnectFirstMs: 20, reconnectMaxMs: 200 },
    },
    secrets: new Secret({ password: 'sandbox' }),
  },
  { clock, sealer: createTestSealer(), handlers: null },
)
const { channel } = provider
const outlet = {
  kind: 'sms',
  channel,
  isLoopback: true,
  unsubscribeMailbox: null,
  route: aRoute(),
} as const
const gate = await aGate()
const loops = createLoops(createLog('error'))
loops.every('dispatch', 50, () =>
  dispatchDue({ db, gate, outlets: [outlet], now: clock.now, isStopping: loops.isStopping }),
)
loops.every('recovery', 200, () => recoverLost(db, { reactions: gate.reactions, at: clock.now() }))
process.on('SIGTERM', async () => {
  await loops.stop()
  await channel.close()
  await db.close()
})
process.stdout.write('ready\n')
