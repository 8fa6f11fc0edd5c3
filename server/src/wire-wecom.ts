import { type Clock, required, Secret } from '@dunlin/kernel'
import { z } from 'zod'
import type { Channel, ProviderAccount } from './channels/channel.ts'
import type { InboundHandlers } from './channels/inbound.ts'
import { createWecomApi, type WecomApi } from './channels/wecom/api-client.ts'
import { openCallbackCrypto } from './channels/wecom/callback-crypto.ts'
import { findLostTasks } from './channels/wecom/find-lost-tasks.ts'
import { processCallbacks } from './channels/wecom/process-callbacks.ts'
import {
  type CallbackAnswer,
  type CallbackDoor,
  createCallbackDoor,
} from './channels/wecom/receive.ts'
import { createWecomChannel } from './channels/wecom/send.ts'
import { syncKfAccount } from './channels/wecom/sync-kf.ts'
import { watchTasks } from './channels/wecom/watch-tasks.ts'
import { wecomSettings } from './channels/wecom/wecom-settings.ts'
import { type AccountRow, listAccounts } from './people/index.ts'
import type { Database } from './platform/db/index.ts'
import type { App } from './platform/http/index.ts'
import type { Sealer } from './platform/seal/index.ts'

/** Work of an open account that is done again and again. */
export type Chore = {
  readonly name: string
  readonly pauseMs: number
  readonly work: () => Promise<unknown>
}

const secretsShape = z.object({
  corpSecret: z.string().min(1),
  callbackToken: z.string().min(1),
  encodingAesKey: z.string().length(43),
})

/** A deletion or a stop is obeyed within a second: callbacks wait no longer than this. */
const CALLBACKS_MS = 200
const TASKS_MS = 2_000
/** Callbacks get lost: customer-service accounts are read also without one. */
const SWEEP_MS = 60_000

type WecomRow = { readonly settings: unknown; readonly secrets: Secret<unknown> }
type WecomWorld = {
  readonly clock: Clock
  readonly sealer: Sealer
  readonly handlers: InboundHandlers | null
  readonly db?: Database
}
type OpenWecom = {
  readonly account: ProviderAccount
  readonly channel: Channel
  readonly health: WecomApi['health']
  readonly mailboxes: null
  readonly chores: readonly Chore[]
  readonly probe: () => Promise<{ readonly isOk: boolean; readonly detail: string }>
}

/** Opens a WeCom account: its ways out, its callbacks and the tasks that lie with members. */
export function openWecom(given: {
  readonly row: WecomRow
  readonly account: ProviderAccount
  readonly world: WecomWorld
}): OpenWecom {
  const { row, account, world } = given
  const { clock, sealer, handlers } = world
  const db = required(world.db, 'database of a WeCom account')
  const settings = wecomSettings.parse(row.settings)
  const api = openWecomApi(row, clock)
  const channel = createWecomChannel({ account, settings, api, db, sealer, clock })
  const { accountId } = account
  const chores: Chore[] = []
  if (handlers !== null) {
    const receiver = { accountId, api, db, sealer, clock, handlers }
    chores.push(
      {
        name: 'wecom callbacks',
        pauseMs: CALLBACKS_MS,
        work: () => processCallbacks(receiver, 'people'),
      },
      {
        name: 'wecom service callbacks',
        pauseMs: CALLBACKS_MS,
        work: () => processCallbacks(receiver, 'service'),
      },
      { name: 'wecom tasks', pauseMs: TASKS_MS, work: () => watchTasks(receiver) },
      { name: 'wecom lost tasks', pauseMs: SWEEP_MS, work: () => findLostTasks(receiver) },
      {
        name: 'wecom customer service',
        pauseMs: SWEEP_MS,
        work: async () => {
          for (const openKfid of settings.kfAccounts) {
            await syncKfAccount(receiver, { openKfid, token: '' })
          }
        },
      },
    )
  }
  return { account, channel, health: api.health, mailboxes: null, chores, probe: api.probe }
}

/** The API of an account alone, for what asks and sends nothing. */
export function openWecomApi(row: WecomRow, clock: Clock): WecomApi {
  const settings = wecomSettings.parse(row.settings)
  const { corpSecret } = secretsShape.parse(row.secrets.reveal())
  return createWecomApi({ settings, corpSecret: new Secret(corpSecret), clock })
}

/** The door for the callbacks of all WeCom accounts. */
export async function openWecomDoor(given: {
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
}): Promise<CallbackDoor> {
  const rows = (await listAccounts(given.db)).filter(({ adapter }) => adapter === 'wecom')
  const accounts = rows.map((row) => ({
    accountId: row.accountId,
    name: row.name,
    crypto: cryptoOf(row, given.sealer),
  }))
  return createCallbackDoor({ ...given, accounts })
}

function cryptoOf(row: AccountRow, sealer: Sealer): ReturnType<typeof openCallbackCrypto> {
  const sealed = required(row.sealedSecrets, `secrets of the account ${row.name}`)
  const { callbackToken, encodingAesKey } = secretsShape.parse(JSON.parse(sealer.open(sealed)))
  return openCallbackCrypto({
    token: new Secret(callbackToken),
    encodingAesKey: new Secret(encodingAesKey),
    receiveId: wecomSettings.parse(row.settings).corpId,
  })
}

const paramsShape = z.object({ name: z.string() })
const queryShape = z.record(z.string(), z.string())

/** `/callbacks/wecom/NAME`: the URL to enter as the application's callback. */
export function routeWecomCallbacks(app: App, door: CallbackDoor): void {
  app.register(async (scope) => {
    // The platform says text/xml, or nothing at all.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    )
    const response: Readonly<Record<number, unknown>> = {
      200: { content: { 'text/plain': { schema: z.string() } } },
    }
    const config = { scope: 'public' } as const
    const tags = ['callbacks']
    const check = { tags, summary: 'WeCom makes sure that the address is ours', response }
    scope.get('/callbacks/wecom/:name', { schema: check, config }, async (request, reply) => {
      const { name } = paramsShape.parse(request.params)
      return send(reply, door.check(name, queryShape.parse(request.query)))
    })
    const take = { tags, summary: 'WeCom tells of an event', response }
    scope.post('/callbacks/wecom/:name', { schema: take, config }, async (request, reply) => {
      const { name } = paramsShape.parse(request.params)
      const body = typeof request.body === 'string' ? request.body : ''
      return send(reply, await door.take(name, queryShape.parse(request.query), body))
    })
  })
}

function send(
  reply: {
    status: (code: number) => { type: (type: string) => { send: (body: string) => unknown } }
  },
  answer: CallbackAnswer,
): unknown {
  return reply.status(answer.status).type('text/plain').send(answer.body)
}
