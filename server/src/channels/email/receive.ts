import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { Clock } from '@dunlin/kernel'
import {
  SMTPServer,
  type SMTPServerAddress,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server'
import type { InboundHandlers } from '../inbound.ts'
import { type EmailAccount, isOurMailbox, readMail } from './read-mail.ts'

export type MailListenerOptions = {
  readonly host?: string
  readonly port: number
  readonly accounts: readonly EmailAccount[]
  readonly clock: Clock
  readonly handlers: Pick<InboundHandlers, 'onInbound'>
  readonly onTrouble: (error: unknown) => void
}

export type MailListener = {
  readonly port: number
  readonly health: () => { readonly taken: number; readonly refused: number }
  readonly close: () => Promise<void>
}

const MAIL_BYTES_MAX = 10 * 1024 * 1024
const CLIENTS_MAX = 100
const RECIPIENTS_MAX = 10
const SILENCE_MS = 60_000
const CLOSE_WAIT_MS = 1_000

type Listener = { readonly options: MailListenerOptions; taken: number; refused: number }
type Answer = (error?: Error | null) => void

/**
 * Listens for bounces, complaints and answers over SMTP, on the loopback address unless told otherwise: a
 * mail server in front of it takes the world's mail. It answers 250 only after the handler stored the mail,
 * and takes mail for our own mailboxes alone.
 */
export async function listenForMail(options: MailListenerOptions): Promise<MailListener> {
  const listener: Listener = { options, taken: 0, refused: 0 }
  const server = new SMTPServer({
    banner: 'Dunlin',
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: MAIL_BYTES_MAX,
    maxClients: CLIENTS_MAX,
    socketTimeout: SILENCE_MS,
    closeTimeout: CLOSE_WAIT_MS,
    disableReverseLookup: true,
    onRcptTo: (address, session, answer) => onRecipient(listener, { address, session }, answer),
    onData: (stream, session, answer) => {
      onContent(listener, { stream, session }).then(
        () => answer(),
        (error: Error) => {
          listener.refused += 1
          answer(error)
        },
      )
    },
  })
  server.on('error', (error) => {
    // A client that hangs up in the middle is its own trouble: what it did not finish was not acknowledged.
    if (!('remote' in error)) options.onTrouble(error)
  })
  server.listen(options.port, options.host ?? '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    port: address.port,
    health: () => ({ taken: listener.taken, refused: listener.refused }),
    close: () => new Promise((done) => server.close(() => done())),
  }
}

type Recipient = { readonly address: SMTPServerAddress; readonly session: SMTPServerSession }

function onRecipient(listener: Listener, { address, session }: Recipient, answer: Answer): void {
  if (accountOf(listener, address.address) === undefined) {
    listener.refused += 1
    answer(refusal(550, '5.1.1 no such mailbox here'))
  } else if (session.envelope.rcptTo.length >= RECIPIENTS_MAX) {
    answer(refusal(452, '4.5.3 too many recipients'))
  } else answer()
}

type Content = { readonly stream: SMTPServerDataStream; readonly session: SMTPServerSession }

async function onContent(listener: Listener, { stream, session }: Content): Promise<void> {
  const raw = await readWhole(stream)
  if (raw === null) throw refusal(552, '5.3.4 the mail is larger than 10 MB')
  const { clock, handlers, onTrouble } = listener.options
  const { mailFrom, rcptTo } = session.envelope
  const envelopeFrom = mailFrom === false ? '' : mailFrom.address
  for (const { address: to } of rcptTo) {
    const account = accountOf(listener, to)
    if (account === undefined) continue
    const arrived = { envelopeFrom, to, raw, at: clock.now() }
    const item = await readMail(account, arrived).catch((error: unknown) => {
      onTrouble(error)
      throw refusal(554, '5.6.0 the mail cannot be read')
    })
    await handlers.onInbound(item).catch((error: unknown) => {
      onTrouble(error)
      throw refusal(451, '4.3.0 not stored, try again')
    })
  }
  listener.taken += 1
}

/** The bytes of a mail; null when there are too many. The rest is read all the same, as SMTP demands. */
async function readWhole(stream: Readable): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue
    size += chunk.length
    if (size <= MAIL_BYTES_MAX) chunks.push(chunk)
  }
  return size > MAIL_BYTES_MAX ? null : Buffer.concat(chunks)
}

function accountOf(listener: Listener, address: string): EmailAccount | undefined {
  return listener.options.accounts.find((account) => isOurMailbox(account, address))
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code })
}
