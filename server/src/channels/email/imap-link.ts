import type { Secret } from '@dunlin/kernel'
import { ImapFlow } from 'imapflow'
import type { ImapSettings } from './email-settings.ts'

/** What is read of one mail; the rest of a larger one stays in the mailbox. */
const MAIL_BYTES_MAX = 10 * 1024 * 1024
const RESPONSE_BYTES_MAX = 2 * MAIL_BYTES_MAX
const LINE_BYTES_MAX = 4 * 1024 * 1024
const AUTO_IDLE_MS = 300
/** What a stored mail bears when it is not moved. */
const TAKEN_KEYWORD = 'DunlinTaken'

/** An open folder of a mailbox, by one connection. */
export type ImapLink = {
  readonly uidValidity: () => bigint
  /** The mails that nobody took yet, oldest first. */
  readonly find: () => Promise<readonly number[]>
  /** The bytes of a mail, at most `MAIL_BYTES_MAX`; null when it is gone. */
  readonly read: (uid: number) => Promise<{ readonly raw: Buffer; readonly isCut: boolean } | null>
  /** Shows in the mailbox that these are taken. */
  readonly mark: (uids: readonly number[]) => Promise<void>
  readonly isOpen: () => boolean
  readonly close: () => void
}

export type ImapLogin = {
  readonly settings: ImapSettings
  readonly password: Secret<string>
  /** The server announced a mail, or the connection ended: time to look. */
  readonly onNews: () => void
}

/** Logs in and opens the folder. Throws, with the server's word, when it cannot or may not mark what it takes. */
export async function openImapLink({ settings, password, onNews }: ImapLogin): Promise<ImapLink> {
  const client = new ImapFlow({
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'implicit',
    doSTARTTLS: settings.tls === 'required',
    auth: { user: settings.user, pass: password.reveal() },
    // Some large mailbox providers in China refuse a program that does not say its name (RFC 2971).
    clientInfo: { name: 'Dunlin' },
    logger: false,
    disableCompression: true,
    autoIdleDelay: AUTO_IDLE_MS,
    maxIdleTime: settings.pollMs,
    connectionTimeout: settings.connectWaitMs,
    greetingTimeout: settings.connectWaitMs,
    socketTimeout: settings.answerWaitMs + settings.pollMs,
    maxLineLength: LINE_BYTES_MAX,
    maxLiteralSize: MAIL_BYTES_MAX,
    maxResponseSize: RESPONSE_BYTES_MAX,
  })
  // Without a listener a connection that breaks would end the process; `close` follows and tells.
  client.on('error', () => undefined)
  client.on('close', onNews)
  try {
    await client.connect()
    const opened = await client.mailboxOpen(settings.folder)
    if (settings.takenFolder !== null) await client.mailboxCreate(settings.takenFolder)
    else if (!keepsKeywords(opened.permanentFlags)) throw new Error(NO_KEYWORDS)
    client.on('exists', onNews)
    return linkOver(client, { settings, uidValidity: opened.uidValidity })
  } catch (error) {
    client.close()
    throw error
  }
}

const NO_KEYWORDS =
  'the folder keeps no keywords: set imap.takenFolder, so that stored mail is moved'

/** RFC 9051 7.1: `\*` in PERMANENTFLAGS means that a client may make keywords of its own. */
function keepsKeywords(flags: ReadonlySet<string> | undefined): boolean {
  return flags !== undefined && (flags.has('\\*') || flags.has(TAKEN_KEYWORD))
}

function linkOver(
  client: ImapFlow,
  { settings, uidValidity }: { readonly settings: ImapSettings; readonly uidValidity: bigint },
): ImapLink {
  const { takenFolder } = settings
  return {
    // The folder may be made anew while it is open; the client takes over what the server says.
    uidValidity: () => (client.mailbox === false ? uidValidity : client.mailbox.uidValidity),
    find: async () => {
      const wanted = takenFolder === null ? { unKeyword: TAKEN_KEYWORD } : { all: true }
      const found = await client.search(wanted, { uid: true })
      if (!Array.isArray(found)) throw new Error('the folder cannot be searched')
      return found.toSorted((one, two) => one - two)
    },
    read: async (uid) => {
      const mail = await client.fetchOne(
        String(uid),
        { uid: true, size: true, source: { start: 0, maxLength: MAIL_BYTES_MAX } },
        { uid: true },
      )
      if (mail === false || mail.source === undefined) return null
      return { raw: mail.source, isCut: (mail.size ?? 0) > mail.source.length }
    },
    mark: async (uids) => {
      if (uids.length === 0) return
      const range = uids.join(',')
      const isDone =
        takenFolder === null
          ? await client.messageFlagsAdd(range, [TAKEN_KEYWORD], { uid: true, silent: true })
          : await client.messageMove(range, takenFolder, { uid: true })
      if (isDone === false) throw new Error('the mailbox does not mark what was taken')
    },
    isOpen: () => client.usable,
    close: () => client.close(),
  }
}
