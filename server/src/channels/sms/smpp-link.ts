import type { Secret } from '@dunlin/kernel'
import { connect, type Pdu, type PduFields, type Session } from 'smpp'
import { createWaiters, type Waiters } from '../waiters.ts'
import { poolLinks } from './link-pool.ts'
import type { PartLink, SubmitAnswer } from './part-link.ts'
import type { SmppSettings } from './smpp-settings.ts'

/** Transceiver binds that are kept up: each reconnects with back-off and checks its line. */
export type SmppLink = PartLink<PduFields, Pdu> & { readonly settings: SmppSettings }

type OnDeliver = (pdu: Pdu) => Promise<void>

export type LinkOptions = {
  readonly settings: SmppSettings
  readonly password: Secret<string>
  /** `send` binds as transmitter, so that receipts and replies go to the processes that store them. */
  readonly use?: 'send' | 'both'
}

const SMPP_34 = 0x34
const TEMPORARY_APP_ERROR = 0x64
const ENQUIRE_MISSES_MAX = 2
const UNBIND_WAIT_MS = 500

type State = {
  readonly options: LinkOptions
  session: Session | null
  isBound: boolean
  isClosed: boolean
  connects: number
  failures: number
  lastError: string | null
  handler: OnDeliver | null
  readonly pending: Set<(answer: SubmitAnswer) => void>
  readonly waiters: Waiters
  retryTimer: NodeJS.Timeout | null
}

/** Opens as many binds as the settings say and keeps them up, as one line. */
export function openSmppLink(options: LinkOptions): SmppLink {
  const { settings } = options
  const binds = Array.from({ length: settings.connections }, () => openBind(options))
  return { settings, ...poolLinks(binds) }
}

function openBind(options: LinkOptions): PartLink<PduFields, Pdu> {
  const state: State = {
    options,
    session: null,
    isBound: false,
    isClosed: false,
    connects: 0,
    failures: 0,
    lastError: null,
    handler: null,
    pending: new Set(),
    waiters: createWaiters(),
    retryTimer: null,
  }
  open(state)
  return {
    submit: (fields) => submit(state, fields),
    whenBound: (waitMs) => whenBound(state, waitMs),
    onDeliver: (handler) => {
      state.handler = handler
    },
    health: () => ({
      isBound: state.isBound,
      connects: state.connects,
      inFlight: state.pending.size,
      lastError: state.lastError,
    }),
    bound: () => (state.isBound ? 1 : 0),
    close: () => close(state),
  }
}

function open(state: State): void {
  const { settings, password } = state.options
  const { host, port, tls } = settings
  const session = connect({ host, port, tls, ...(tls ? { servername: host } : {}) })
  state.session = session
  const connectTimer = setTimeout(() => {
    state.lastError = 'no bind within connectWaitMs'
    session.destroy()
  }, settings.connectWaitMs)
  session.on('error', (error: Error) => {
    // Bytes that are no PDU leave the stream without a boundary to go on from: only a new connection helps.
    state.lastError = error.message
    session.destroy()
  })
  session.on('close', () => {
    clearTimeout(connectTimer)
    dropped(state, session)
  })
  session.on(tls ? 'secureConnect' : 'connect', () => {
    const fields = {
      system_id: settings.systemId,
      password: password.reveal(),
      system_type: settings.systemType,
      interface_version: SMPP_34,
    }
    const onAnswer = (answer: Pdu): void => {
      clearTimeout(connectTimer)
      if (answer.command_status === 0) {
        bound(state, session)
        return
      }
      state.lastError = `bind refused with status ${hex(answer.command_status)}`
      session.destroy()
    }
    if (state.options.use === 'send') session.bind_transmitter(fields, onAnswer)
    else session.bind_transceiver(fields, onAnswer)
  })
}

function bound(state: State, session: Session): void {
  state.isBound = true
  state.connects += 1
  state.failures = 0
  session.on('deliver_sm', (pdu: Pdu) => deliver(state, session, pdu))
  session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
  session.on('unknown', (pdu: Pdu) => session.send(pdu.response()))
  session.on('unbind', (pdu: Pdu) => {
    session.send(pdu.response())
    session.close()
  })
  watchLine(state, session)
  state.waiters.tell(true)
}

/** Asks over the line whether it lives; after two unanswered questions it is taken for dead. */
function watchLine(state: State, session: Session): void {
  let unanswered = 0
  const timer = setInterval(() => {
    if (unanswered >= ENQUIRE_MISSES_MAX) {
      state.lastError = 'the provider stopped answering enquire_link'
      session.destroy()
      return
    }
    unanswered += 1
    session.enquire_link({}, () => {
      unanswered = 0
    })
  }, state.options.settings.enquireLinkMs)
  session.on('close', () => clearInterval(timer))
}

function dropped(state: State, session: Session): void {
  if (state.session !== session) return
  state.session = null
  state.isBound = false
  const unanswered = [...state.pending]
  state.pending.clear()
  for (const settle of unanswered) {
    settle({ kind: 'unknown', detail: 'the connection dropped before the answer' })
  }
  if (state.isClosed) return
  state.failures += 1
  const { reconnectFirstMs, reconnectMaxMs } = state.options.settings
  const wait = Math.min(reconnectMaxMs, reconnectFirstMs * 2 ** Math.min(state.failures - 1, 16))
  state.retryTimer = setTimeout(() => open(state), wait)
}

function submit(state: State, fields: PduFields): Promise<SubmitAnswer> {
  const { session } = state
  if (session === null || !state.isBound || !session.socket.writable) {
    return Promise.resolve({ kind: 'not-written', detail: state.lastError ?? 'not connected' })
  }
  return new Promise((resolve) => {
    const settle = (answer: SubmitAnswer): void => {
      clearTimeout(timer)
      state.pending.delete(settle)
      resolve(answer)
    }
    const timer = setTimeout(
      () => settle({ kind: 'unknown', detail: 'no answer within answerWaitMs' }),
      state.options.settings.answerWaitMs,
    )
    state.pending.add(settle)
    session.submit_sm(fields, (answer) => settle(readAnswer(answer)))
  })
}

function readAnswer(answer: Pdu): SubmitAnswer {
  const { command, command_status: status, message_id: messageId } = answer
  if (status !== 0) return { kind: 'refused', status }
  if (command !== 'submit_sm_resp' || messageId === undefined || messageId === '') {
    return { kind: 'unknown', detail: 'the answer gave no message id' }
  }
  return { kind: 'accepted', messageId }
}

function deliver(state: State, session: Session, pdu: Pdu): void {
  const { handler } = state
  const handled = handler === null ? Promise.reject(new Error('nobody listens')) : handler(pdu)
  handled.then(
    () => session.send(pdu.response()),
    (error: unknown) => {
      state.lastError = error instanceof Error ? error.message : String(error)
      session.send(pdu.response({ command_status: TEMPORARY_APP_ERROR }))
    },
  )
}

async function whenBound(state: State, waitMs: number): Promise<boolean> {
  return state.isBound || state.isClosed ? state.isBound : state.waiters.wait(waitMs)
}

async function close(state: State): Promise<void> {
  state.isClosed = true
  if (state.retryTimer !== null) clearTimeout(state.retryTimer)
  state.waiters.tell(false)
  const { session } = state
  if (session === null) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => session.destroy(), UNBIND_WAIT_MS)
    session.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    if (!state.isBound) session.destroy()
    else session.unbind({}, () => session.destroy())
  })
}

function hex(status: number): string {
  return `0x${status.toString(16).padStart(2, '0')}`
}
