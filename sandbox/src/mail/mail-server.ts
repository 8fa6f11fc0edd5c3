import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Clock, Instant } from '@dunlin/kernel'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerSession } from 'smtp-server'

/** What the mail server does wrong on demand. Counts say for how many of the next. */
export type MailMisbehaviour = {
  /** Refuses recipients for good: 550 5.1.1. */
  readonly rejectRecipientNext: number
  /** Refuses recipients for now: 451 4.7.1 (greylisting). */
  readonly deferRecipientNext: number
  /** Refuses the content for good after it was sent: 554 5.7.1. */
  readonly rejectContentNext: number
  /** Refuses the content for now: 452 4.3.1. */
  readonly deferContentNext: number
  /** Drops the connection at RCPT, before the content. */
  readonly dropBeforeNext: number
  /** Takes the content, then drops the connection instead of answering. */
  readonly dropAfterNext: number
  /** Takes the content and never answers. */
  readonly silentNext: number
  /** Waits this long before it answers the content, in milliseconds. */
  readonly slowMs: number
}

export const MAIL_BEHAVED: MailMisbehaviour = {
  rejectRecipientNext: 0,
  deferRecipientNext: 0,
  rejectContentNext: 0,
  deferContentNext: 0,
  dropBeforeNext: 0,
  dropAfterNext: 0,
  silentNext: 0,
  slowMs: 0,
}

/** A mail that the server took responsibility for. */
export type Mail = {
  readonly at: Instant
  readonly envelopeFrom: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly parsed: ParsedMail
  readonly raw: Buffer
}

export type MailServerOptions = {
  readonly port: number
  readonly clock: Clock
  readonly onMail?: (mail: Mail) => void
}

/** A mail server that speaks SMTP on the loopback address. */
export type MailServer = {
  readonly port: number
  readonly mails: () => readonly Mail[]
  readonly clear: () => void
  readonly misbehave: (change: Partial<MailMisbehaviour>) => void
  readonly misbehaviour: () => MailMisbehaviour
  readonly close: () => Promise<void>
}

const MAILS_KEPT_MAX = 10_000
const MAIL_BYTES_MAX = 10 * 1024 * 1024

type Post = {
  readonly options: MailServerOptions
  /** Cuts the connection of a session, as a crashed server would. */
  drop: (session: SMTPServerSession) => void
  faults: MailMisbehaviour
  mails: Mail[]
}

type Answer = (error?: Error | null) => void

export async function startMailServer(options: MailServerOptions): Promise<MailServer> {
  const post: Post = { options, drop: () => undefined, faults: MAIL_BEHAVED, mails: [] }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    size: MAIL_BYTES_MAX,
    closeTimeout: 200,
    onRcptTo: ({ address }, session, answer) => onRecipient(post, { session, address }, answer),
    onData: (stream, session, answer) => {
      onContent(post, { stream, session }).then(() => answer(), answer)
    },
  })
  post.drop = ({ id }) => {
    for (const connection of server.connections) {
      if (connection.session.id === id) connection._socket.destroy()
    }
  }
  // A client that goes away in the middle is its own affair.
  server.on('error', () => undefined)
  server.listen(options.port, '127.0.0.1')
  await once(server.server, 'listening')
  const address = server.server.address()
  if (address === null || typeof address === 'string') throw new Error('no TCP port')
  return {
    port: address.port,
    mails: () => post.mails,
    clear: () => {
      post.mails = []
    },
    misbehave: (change) => {
      post.faults = { ...post.faults, ...change }
    },
    misbehaviour: () => post.faults,
    close: () => new Promise((done) => server.close(() => done())),
  }
}

type Countdown = Exclude<keyof MailMisbehaviour, 'slowMs'>

function take(post: Post, countdown: Countdown): boolean {
  const left = post.faults[countdown]
  if (left <= 0) return false
  post.faults = { ...post.faults, [countdown]: left - 1 }
  return true
}

type Recipient = { readonly session: SMTPServerSession; readonly address: string }

function onRecipient(post: Post, { session, address }: Recipient, answer: Answer): void {
  if (take(post, 'rejectRecipientNext')) answer(refusal(550, `5.1.1 <${address}>: no such user`))
  else if (take(post, 'deferRecipientNext')) answer(refusal(451, '4.7.1 try again later'))
  else if (take(post, 'dropBeforeNext')) post.drop(session)
  else answer()
}

async function onContent(
  post: Post,
  { stream, session }: { readonly stream: Readable; readonly session: SMTPServerSession },
): Promise<void> {
  const raw = await buffer(stream)
  if (take(post, 'rejectContentNext')) throw refusal(554, '5.7.1 content refused')
  if (take(post, 'deferContentNext')) throw refusal(452, '4.3.1 no room for now')
  await keep(post, session, raw)
  if (take(post, 'dropAfterNext')) {
    post.drop(session)
    await neverAnswer()
  }
  if (take(post, 'silentNext')) await neverAnswer()
  const { slowMs } = post.faults
  if (slowMs > 0) await new Promise((done) => setTimeout(done, slowMs))
}

function neverAnswer(): Promise<never> {
  return new Promise(() => undefined)
}

async function keep(post: Post, session: SMTPServerSession, raw: Buffer): Promise<void> {
  const parsed = await simpleParser(raw)
  const { mailFrom, rcptTo } = session.envelope
  const mail: Mail = {
    at: post.options.clock.now(),
    envelopeFrom: mailFrom === false ? '' : mailFrom.address,
    to: rcptTo.map(({ address }) => address),
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
    parsed,
    raw,
  }
  post.mails.push(mail)
  if (post.mails.length > MAILS_KEPT_MAX * 2) post.mails = post.mails.slice(-MAILS_KEPT_MAX)
  post.options.onMail?.(mail)
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code })
}
