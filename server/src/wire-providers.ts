import { type Clock, Secret } from '@dunlin/kernel'
import { z } from 'zod'
import type { Channel, ProviderAccount } from './channels/channel.ts'
import { openCmppLink } from './channels/cmpp/cmpp-link.ts'
import { cmppSettings } from './channels/cmpp/cmpp-settings.ts'
import { receiveCmpp } from './channels/cmpp/receive.ts'
import { createCmppChannel } from './channels/cmpp/send.ts'
import type { EmailAccount } from './channels/email/read-mail.ts'
import { listenForMail, type MailListener } from './channels/email/receive.ts'
import type { InboundHandlers } from './channels/inbound.ts'
import { createSinkChannel } from './channels/sink/send.ts'
import type { PartLink } from './channels/sms/part-link.ts'
import { receiveSms } from './channels/sms/receive.ts'
import { createSmsChannel } from './channels/sms/send.ts'
import { openSmppLink } from './channels/sms/smpp-link.ts'
import { smppSettings } from './channels/sms/smpp-settings.ts'
import type { RobotTalk } from './channels/voice/robot-talk.ts'
import type { AccountRow } from './people/index.ts'
import type { Database } from './platform/db/index.ts'
import type { Sealer } from './platform/seal/index.ts'
import { openCloudSms } from './wire-cloud-sms.ts'
import { openEmail } from './wire-email.ts'
import { openLetter } from './wire-letter.ts'
import { openVoice } from './wire-voice.ts'
import { type Chore, openWecom } from './wire-wecom.ts'

/** A row of `provider_account`, its secrets opened. */
export type ProviderRow = ProviderAccount & {
  readonly adapter: AccountRow['adapter']
  readonly settings: unknown
  readonly secrets: Secret<unknown>
}

export type ProviderWorld = {
  readonly clock: Clock
  readonly sealer: Sealer
  /** What to do with what comes in; null for a process that only sends. */
  readonly handlers: InboundHandlers | null
  /** For adapters that keep state of their own. */
  readonly db?: Database
  /** Who talks in robot calls; absent in a process that makes none. */
  readonly talk?: RobotTalk
  readonly onTrouble?: (error: unknown) => void
}

/** What trying an account showed. */
export type Probe = { readonly isOk: boolean; readonly detail: string }

/** An account that is open: its way out, its state for health pages, and mailboxes that it answers for. */
export type Provider = {
  readonly account: ProviderAccount
  readonly channel: Channel
  readonly health: () => Readonly<Record<string, string | number | boolean | null>>
  readonly mailboxes: EmailAccount | null
  /** Connects and logs in without sending; absent where every call that would try the keys sends. */
  readonly probe?: () => Promise<Probe>
  /** What must be done again and again while the account is open. */
  readonly chores?: readonly Chore[]
}

const secretsShape = z.object({ password: z.string().optional() })
const sinkShape = z.strictObject({ window: z.int().min(1).max(1000).default(1000) })

/** Opens an account. Throws with the field named when its settings are wrong. */
export function openProvider(row: ProviderRow, world: ProviderWorld): Provider {
  switch (row.adapter) {
    case 'smpp':
      return openSmpp(row, world)
    case 'cmpp':
      return openCmpp(row, world)
    case 'aliyun-sms':
    case 'tencent-sms':
      return openCloudSms({ row: { ...row, adapter: row.adapter }, account: accountOf(row), world })
    case 'smtp':
      return openEmail({ row, account: accountOf(row), world })
    case 'wecom':
      return openWecom({ row, account: accountOf(row), world })
    case 'letter':
      return openLetter({ row, account: accountOf(row), world })
    case 'freeswitch':
      return openVoice({ row, account: accountOf(row), world })
    case 'sink':
      return openSink(row, world)
  }
}

/** The address of the product's own mail listener, for all email accounts together. */
export type MailDoor = {
  readonly host: string
  readonly port: number
  readonly onTrouble: (error: unknown) => void
}

/** Listens for bounces and answers to every email account; null when there is none or nobody to tell. */
export async function openMailDoor(
  providers: readonly Provider[],
  world: ProviderWorld,
  door: MailDoor,
): Promise<MailListener | null> {
  const accounts = providers.flatMap(({ mailboxes }) => (mailboxes === null ? [] : [mailboxes]))
  const { clock, handlers } = world
  if (accounts.length === 0 || handlers === null) return null
  return listenForMail({ ...door, accounts, clock, handlers })
}

function openSmpp(row: ProviderRow, { clock, handlers }: ProviderWorld): Provider {
  const account = accountOf(row)
  const link = openSmppLink({
    settings: smppSettings.parse(row.settings),
    password: new Secret(secretsOf(row).password ?? ''),
    use: handlers === null ? 'send' : 'both',
  })
  if (handlers !== null) receiveSms({ accountId: row.accountId, link, clock, handlers })
  const channel = createSmsChannel({ account, link, clock })
  return { account, channel, health: link.health, mailboxes: null, probe: () => probeLink(link) }
}

/** CMPP has one kind of connection: what it hands over is refused, and so offered again, where nobody stores it. */
function openCmpp(row: ProviderRow, { clock, handlers }: ProviderWorld): Provider {
  const account = accountOf(row)
  const link = openCmppLink({
    settings: cmppSettings.parse(row.settings),
    password: new Secret(secretsOf(row).password ?? ''),
    clock,
  })
  if (handlers !== null) receiveCmpp({ accountId: row.accountId, link, clock, handlers })
  const channel = createCmppChannel({ account, link, clock })
  return { account, channel, health: link.health, mailboxes: null, probe: () => probeLink(link) }
}

/** A bind is the whole login of a carrier. */
async function probeLink(
  link: Pick<PartLink<never, never>, 'whenBound' | 'health'> & {
    readonly settings: { readonly connectWaitMs: number }
  },
): Promise<Probe> {
  const isOk = await link.whenBound(link.settings.connectWaitMs)
  return { isOk, detail: isOk ? 'bound' : (link.health().lastError ?? 'no bind') }
}

function openSink(row: ProviderRow, { clock }: ProviderWorld): Provider {
  const account = accountOf(row)
  const { window } = sinkShape.parse(row.settings)
  const channel = createSinkChannel({ account, window, clock })
  return { account, channel, health: () => ({ isBound: true }), mailboxes: null }
}

function accountOf({ accountId, name, collectionContent }: ProviderRow): ProviderAccount {
  return { accountId, name, collectionContent }
}

function secretsOf(row: ProviderRow): z.infer<typeof secretsShape> {
  return secretsShape.parse(row.secrets.reveal())
}
