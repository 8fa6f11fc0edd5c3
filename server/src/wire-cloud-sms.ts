import { type Clock, required, type Secret } from '@dunlin/kernel'
import { z } from 'zod'
import type { Channel, ProviderAccount } from './channels/channel.ts'
import { aliyunVendor } from './channels/cloud-sms/aliyun.ts'
import {
  aliyunSettings,
  type CloudSecrets,
  cloudSecrets,
  tencentSettings,
} from './channels/cloud-sms/cloud-settings.ts'
import {
  type CloudCallbackAccount,
  type CloudCallbackDoor,
  createCloudCallbackDoor,
  processCloudCallbacks,
} from './channels/cloud-sms/receive.ts'
import { createCloudSmsChannel } from './channels/cloud-sms/send.ts'
import { tencentVendor } from './channels/cloud-sms/tencent.ts'
import type { InboundHandlers } from './channels/inbound.ts'
import { listAccounts } from './people/index.ts'
import type { Database } from './platform/db/index.ts'
import type { App } from './platform/http/index.ts'
import type { Sealer } from './platform/seal/index.ts'
import type { Chore } from './wire-wecom.ts'

/** A stop that came by SMS is obeyed within a second. */
const CALLBACKS_MS = 200

type CloudAdapter = 'aliyun-sms' | 'tencent-sms'
type CloudRow = {
  readonly adapter: CloudAdapter
  readonly settings: unknown
  readonly secrets: Secret<unknown>
}
type OpenCloudSms = {
  readonly account: ProviderAccount
  readonly channel: Channel
  readonly health: () => Readonly<Record<string, string | number | boolean | null>>
  readonly mailboxes: null
  readonly chores: readonly Chore[]
}

/** Opens an account at a public cloud: its way out, and the work on what it calls us with. */
export function openCloudSms(given: {
  readonly row: CloudRow
  readonly account: ProviderAccount
  readonly world: {
    readonly clock: Clock
    readonly sealer: Sealer
    readonly handlers: InboundHandlers | null
    readonly db?: Database
  }
}): OpenCloudSms {
  const { row, account, world } = given
  const { clock, sealer, handlers } = world
  const { settings, vendor } = vendorOf(row, cloudSecrets.parse(row.secrets.reveal()))
  const channel = createCloudSmsChannel({ account, settings, vendor, clock })
  const chores: Chore[] = []
  if (handlers !== null) {
    const db = required(world.db, 'database of a cloud SMS account')
    const { accountId } = account
    const queue = { accountId, db, sealer, clock, vendor: vendor.name, handlers }
    chores.push({
      name: `${row.adapter} callbacks`,
      pauseMs: CALLBACKS_MS,
      work: () => processCloudCallbacks(queue),
    })
  }
  return { account, channel, health: channel.health, mailboxes: null, chores }
}

function vendorOf({ adapter, settings: given }: CloudRow, secrets: CloudSecrets) {
  if (adapter === 'aliyun-sms') {
    const settings = aliyunSettings.parse(given)
    return { settings, vendor: aliyunVendor(settings, secrets) }
  }
  const settings = tencentSettings.parse(given)
  return { settings, vendor: tencentVendor(settings, secrets) }
}

/** The door for the callbacks of all cloud SMS accounts. */
export async function openCloudDoor(given: {
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
}): Promise<CloudCallbackDoor> {
  const accounts = (await listAccounts(given.db)).flatMap((row): CloudCallbackAccount[] => {
    if (row.adapter !== 'aliyun-sms' && row.adapter !== 'tencent-sms') return []
    const sealed = required(row.sealedSecrets, `secrets of the account ${row.name}`)
    const { callbackToken: token } = cloudSecrets.parse(JSON.parse(given.sealer.open(sealed)))
    const schema = row.adapter === 'aliyun-sms' ? aliyunSettings : tencentSettings
    const { callbackFrom: from } = schema.parse(row.settings)
    const vendor = row.adapter === 'aliyun-sms' ? 'aliyun' : 'tencent'
    return [{ accountId: row.accountId, name: row.name, vendor, token, from }]
  })
  return createCloudCallbackDoor({ ...given, accounts })
}

const paramsShape = z.object({ name: z.string(), token: z.string() })

/** `/callbacks/aliyun-sms/NAME/TOKEN` and `/callbacks/tencent-sms/NAME/TOKEN`: the addresses to enter there. */
export function routeCloudCallbacks(app: App, door: CloudCallbackDoor): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    )
    const response: Readonly<Record<number, unknown>> = {
      200: z.record(z.string(), z.unknown()),
    }
    for (const vendor of ['aliyun', 'tencent'] as const) {
      const schema = {
        tags: ['callbacks'],
        summary: 'A cloud tells what became of SMS, or what a phone wrote',
        response,
      }
      const config = { scope: 'public' } as const
      scope.post(
        `/callbacks/${vendor}-sms/:name/:token`,
        { schema, config },
        async (request, reply) => {
          const { name, token } = paramsShape.parse(request.params)
          const body = typeof request.body === 'string' ? request.body : ''
          const answer = await door({ vendor, name, token, from: request.ip, body })
          return send(reply, answer)
        },
      )
    }
  })
}

/** As it is: the vendors look for these very words. */
function send(
  reply: {
    status: (code: number) => { type: (type: string) => { send: (body: string) => unknown } }
  },
  { status, body }: { readonly status: number; readonly body: object },
): unknown {
  return reply.status(status).type('application/json').send(JSON.stringify(body))
}
