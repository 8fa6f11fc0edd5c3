import { Readable } from 'node:stream'
import type { NodemailerError } from 'nodemailer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { EmailSecrets, EmailSettings } from './email-settings.ts'
import { createTurns, createTurnsByKey } from './turns.ts'

/** What became of one mail. Only `accepted` and `unknown` may reach somebody. */
export type MailFate =
  | { readonly kind: 'accepted'; readonly response: string }
  | { readonly kind: 'refused'; readonly code: number; readonly response: string }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'not-written'; readonly detail: string }

export type OutgoingMail = {
  readonly permitId: string
  readonly from: string
  readonly to: string
  readonly raw: Buffer
  /** Asked at the last moment, when a connection is free. */
  readonly isStillAllowed: () => boolean
}

/**
 * Connections to one mail server, each with one mail at a time. Own rather than the library's pool, which
 * queues a mail again when a connection closes and does not tell whether the content had gone out.
 */
export type SmtpPool = {
  readonly deliver: (mail: OutgoingMail) => Promise<MailFate>
  readonly health: () => PoolHealth
  /** Connects and logs in, and says nothing more. */
  readonly probe: () => Promise<{ readonly isOk: boolean; readonly detail: string }>
  readonly close: () => void
}

export type PoolHealth = {
  readonly open: number
  readonly inFlight: number
  readonly lastError: string | null
}

type State = {
  readonly settings: EmailSettings
  readonly secrets: EmailSecrets
  readonly idle: SMTPConnection[]
  readonly open: Set<SMTPConnection>
  inFlight: number
  lastError: string | null
}

export function openSmtpPool(settings: EmailSettings, secrets: EmailSecrets): SmtpPool {
  const state: State = {
    settings,
    secrets,
    idle: [],
    open: new Set(),
    inFlight: 0,
    lastError: null,
  }
  const places = createTurns(settings.connections)
  const byDomain = createTurnsByKey(settings.perDomain)
  return {
    deliver: (mail) =>
      byDomain(domainOf(mail.to), () => places.run(() => deliverCounted(state, mail))),
    health: () => ({
      open: state.open.size,
      inFlight: state.inFlight,
      lastError: state.lastError,
    }),
    probe: () => places.run(() => probe(state)),
    close: () => {
      for (const connection of state.open) connection.close()
    },
  }
}

/** The part after the last @, in lower case: whose mail servers will take it. */
function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}

async function probe(state: State): Promise<{ isOk: boolean; detail: string }> {
  try {
    state.idle.push(await connect(state))
    return { isOk: true, detail: state.settings.user === '' ? 'connected' : 'logged in' }
  } catch (error) {
    return { isOk: false, detail: noteError(state, error) }
  }
}

async function deliverCounted(state: State, mail: OutgoingMail): Promise<MailFate> {
  state.inFlight += 1
  try {
    return await deliver(state, mail)
  } finally {
    state.inFlight -= 1
  }
}

async function deliver(state: State, mail: OutgoingMail): Promise<MailFate> {
  if (!mail.isStillAllowed()) return { kind: 'not-written', detail: 'the permit has expired' }
  const reused = state.idle.pop()
  if (reused !== undefined) {
    const fate = await sendOver(state, reused, mail)
    // A server may close a connection while it is idle. Nothing was said over it, so a fresh one may be used.
    if (fate.kind !== 'not-written') return fate
  }
  try {
    return await sendOver(state, await connect(state), mail)
  } catch (error) {
    return { kind: 'not-written', detail: noteError(state, error) }
  }
}

function connect(state: State): Promise<SMTPConnection> {
  const { settings, secrets } = state
  const connection = new SMTPConnection({
    host: settings.host,
    port: settings.port,
    secure: settings.tls === 'implicit',
    requireTLS: settings.tls === 'required',
    ignoreTLS: settings.tls === 'none',
    connectionTimeout: settings.connectWaitMs,
    greetingTimeout: settings.connectWaitMs,
    socketTimeout: settings.answerWaitMs,
  })
  state.open.add(connection)
  connection.once('end', () => {
    state.open.delete(connection)
    const place = state.idle.indexOf(connection)
    if (place >= 0) state.idle.splice(place, 1)
  })
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      state.open.delete(connection)
      connection.close()
      reject(error)
    }
    connection.on('error', (error: Error) => {
      noteError(state, error)
      fail(error)
    })
    connection.connect((error) => {
      if (error) return fail(error)
      if (secrets.password === null || settings.user === '') return resolve(connection)
      const auth = { user: settings.user, pass: secrets.password.reveal() }
      connection.login(auth, (refused) => (refused ? fail(refused) : resolve(connection)))
    })
  })
}

function sendOver(state: State, connection: SMTPConnection, mail: OutgoingMail): Promise<MailFate> {
  let isContentGone = false
  const content = new Readable({
    // Read for the first time when the server has said 354: from here on the content may have arrived.
    read() {
      isContentGone = true
      this.push(mail.raw)
      this.push(null)
    },
  })
  const envelope = {
    from: mail.from,
    to: [mail.to],
    size: mail.raw.length,
    dsn: { id: mail.permitId, ret: 'HDRS', notify: ['FAILURE', 'DELAY'] },
  }
  return new Promise((resolve) => {
    const settle = (fate: MailFate): void => {
      clearTimeout(timer)
      resolve(fate)
    }
    // A server that trickles its answer never lets the socket time out.
    const timer = setTimeout(() => {
      connection.close()
      settle(lost(isContentGone, 'no answer within answerWaitMs'))
    }, state.settings.answerWaitMs)
    connection.send(envelope, content, (error, info) => {
      if (error === null && info !== undefined) {
        keep(state, connection)
        settle({ kind: 'accepted', response: info.response })
        return
      }
      const refusal = refusalOf(error)
      if (refusal === null) {
        connection.close()
        settle(lost(isContentGone, noteError(state, error)))
        return
      }
      connection.reset((failed) => (failed ? connection.close() : keep(state, connection)))
      settle(refusal)
    })
  })
}

/** The server's own no, to the envelope or to the content; null when the connection failed instead. */
function refusalOf(error: NodemailerError | null): MailFate | null {
  const isAnswer = error?.code === 'EENVELOPE' || error?.code === 'EMESSAGE'
  if (!isAnswer || error?.responseCode === undefined) return null
  return { kind: 'refused', code: error.responseCode, response: error.response ?? '' }
}

function lost(isContentGone: boolean, detail: string): MailFate {
  return { kind: isContentGone ? 'unknown' : 'not-written', detail }
}

function keep(state: State, connection: SMTPConnection): void {
  if (state.open.has(connection) && !connection.destroyed) state.idle.push(connection)
}

function noteError(state: State, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  state.lastError = text
  return text
}
