import { type Clock, required, Secret } from '@dunlin/kernel'
import { z } from 'zod'
import type { Channel, ProviderAccount } from './channels/channel.ts'
import { type EmailSettings, emailSettings } from './channels/email/email-settings.ts'
import {
  describeImapError,
  type ImapInbox,
  openImapInbox,
  probeImap,
} from './channels/email/imap-inbox.ts'
import type { EmailAccount } from './channels/email/read-mail.ts'
import { createEmailChannel } from './channels/email/send.ts'
import { openSmtpPool, type SmtpPool } from './channels/email/smtp-pool.ts'
import type { InboundHandlers } from './channels/inbound.ts'
import type { Database } from './platform/db/index.ts'
import type { Sealer } from './platform/seal/index.ts'
import type { Chore } from './wire-wecom.ts'

const secretsShape = z.object({
  password: z.string().optional(),
  dkimPrivateKey: z.string().optional(),
  imapPassword: z.string().optional(),
})

/** A mail that the mailbox announced is taken within a second; asking costs nothing when there is none. */
const INBOX_MS = 500

type EmailWorld = {
  readonly clock: Clock
  readonly sealer: Sealer
  readonly handlers: InboundHandlers | null
  readonly db?: Database
}
type Probe = { readonly isOk: boolean; readonly detail: string }
type OpenEmail = {
  readonly account: ProviderAccount
  readonly channel: Channel
  readonly health: () => Readonly<Record<string, string | number | boolean | null>>
  readonly mailboxes: EmailAccount
  readonly chores: readonly Chore[]
  readonly probe: () => Promise<Probe>
}

/** Opens an email account: its way out, and the mailbox that it reads, if it has one. */
export function openEmail(given: {
  readonly row: { readonly settings: unknown; readonly secrets: Secret<unknown> }
  readonly account: ProviderAccount
  readonly world: EmailWorld
}): OpenEmail {
  const { row, account, world } = given
  const settings = emailSettings.parse(row.settings)
  const { password, dkimPrivateKey, imapPassword } = secretsShape.parse(row.secrets.reveal())
  const { accountId } = account
  const secrets = {
    password: password === undefined ? null : new Secret(password),
    dkimPrivateKey: dkimPrivateKey === undefined ? null : new Secret(dkimPrivateKey),
    // The space keeps this apart from the hash of any address.
    verpKey: new Secret<Uint8Array>(world.sealer.hash('email', `bounce addresses of ${accountId}`)),
  }
  const pool = openSmtpPool(settings, secrets)
  const mailboxes = { accountId, settings, secrets }
  const channel = createEmailChannel({ account, settings, secrets, pool, clock: world.clock })
  const keys = new Secret(imapPassword ?? '')
  const inbox = openInbox(mailboxes, keys, world)
  return {
    account,
    channel: {
      ...channel,
      close: async () => {
        inbox?.close()
        await channel.close()
      },
    },
    health: () => healthOf(pool, inbox),
    mailboxes,
    chores:
      inbox === null
        ? []
        : [{ name: `inbox ${account.name}`, pauseMs: INBOX_MS, work: inbox.takeNew }],
    probe: () => probeBoth(pool, settings, keys),
  }
}

/** Null for an account that reads no mailbox, and in a process that only sends. */
function openInbox(
  account: EmailAccount,
  password: Secret<string>,
  { clock, handlers, db }: EmailWorld,
): ImapInbox | null {
  const { imap } = account.settings
  if (imap === null || handlers === null) return null
  const settings = imap
  return openImapInbox({
    ...{ account, settings, password, clock, handlers },
    db: required(db, 'database of an account that reads a mailbox'),
  })
}

function healthOf(pool: SmtpPool, inbox: ImapInbox | null): ReturnType<OpenEmail['health']> {
  if (inbox === null) return pool.health()
  const { inboxError, ...state } = inbox.health()
  const sending = pool.health()
  return { ...sending, ...state, lastError: sending.lastError ?? inboxError ?? null }
}

async function probeBoth(
  pool: SmtpPool,
  { imap }: EmailSettings,
  password: Secret<string>,
): Promise<Probe> {
  const sending = await pool.probe()
  if (imap === null || !sending.isOk) return sending
  try {
    return { isOk: true, detail: `${sending.detail}; ${await probeImap(imap, password)}` }
  } catch (error) {
    return { isOk: false, detail: `imap ${describeImapError(error)}` }
  }
}
