import { connect, type Socket } from 'node:net'
import type { Clock, Secret } from '@dunlin/kernel'
import { poolLinks } from '../sms/link-pool.ts'
import type { PartLink, SubmitAnswer } from '../sms/part-link.ts'
import { createWaiters, type Waiters } from '../waiters.ts'
import { connectTimestamp, isGatewayGenuine, sourceAuthenticator } from './authenticator.ts'
import type { CmppSettings } from './cmpp-settings.ts'
import {
  type CmppDeliver,
  type CmppSubmit,
  decodePdu,
  encodePdu,
  type Incoming,
  type Outgoing,
} from './codec.ts'
import { createFrameCutter } from './frames.ts'

/** Connections to a gateway (ISMG) that are kept up: each reconnects with back-off and tests its line. */
export type CmppLink = PartLink<CmppSubmit, CmppDeliver> & { readonly settings: CmppSettings }

export type CmppLinkOptions = {
  readonly settings: CmppSettings
  readonly password: Secret<string>
  readonly clock: Clock
}

const OK = 0
/** «Other error»: the gateway keeps the deliver and offers it again. */
const OTHER_ERROR = 9
const TEST_MISSES_MAX = 3
const TERMINATE_WAIT_MS = 500
const SEQUENCE_MAX = 0xffff_ffff
const CONNECT_ERRORS: Readonly<Record<number, string>> = {
  1: 'the message is malformed',
  2: 'the source address is unknown',
  3: 'the secret is wrong',
  4: 'the version is too high',
}

type State = {
  readonly options: CmppLinkOptions
  socket: Socket | null
  isBound: boolean
  isClosed: boolean
  connects: number
  failures: number
  lastError: string | null
  handler: ((deliver: CmppDeliver) => Promise<void>) | null
  sequence: number
  unansweredTests: number
  source: Buffer
  readonly pending: Map<number, (answer: SubmitAnswer) => void>
  readonly waiters: Waiters
  retryTimer: NodeJS.Timeout | null
}

/** Opens as many connections as the settings say and keeps them up, as one line. */
export function openCmppLink(options: CmppLinkOptions): CmppLink {
  const { settings } = options
  const lines = Array.from({ length: settings.connections }, () => openLine(options))
  return { settings, ...poolLinks(lines) }
}

function openLine(options: CmppLinkOptions): PartLink<CmppSubmit, CmppDeliver> {
  const state: State = {
    options,
    socket: null,
    isBound: false,
    isClosed: false,
    connects: 0,
    failures: 0,
    lastError: null,
    handler: null,
    sequence: 0,
    unansweredTests: 0,
    source: Buffer.alloc(0),
    pending: new Map(),
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
  const { host, port, connectWaitMs } = state.options.settings
  const socket = connect({ host, port, noDelay: true })
  state.socket = socket
  const connectTimer = setTimeout(
    () => state.isBound || fail(state, socket, 'no connection within connectWaitMs'),
    connectWaitMs,
  )
  const cut = createFrameCutter()
  socket.on('connect', () => greet(state))
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const frame of cut(chunk)) take(state, socket, frame)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      fail(state, socket, error.message)
    }
  })
  socket.on('error', (error: Error) => {
    state.lastError = error.message
  })
  socket.on('close', () => {
    clearTimeout(connectTimer)
    dropped(state, socket)
  })
}

function fail(state: State, socket: Socket, why: string): void {
  state.lastError = why
  socket.destroy()
}

function greet(state: State): void {
  const { settings, password, clock } = state.options
  const { digits, value } = connectTimestamp(clock.now())
  const { sourceAddress } = settings
  state.source = sourceAuthenticator({ sourceAddress, secret: password.reveal(), digits })
  const authenticator = state.source
  write(state, { command: 'connect', sourceAddress, authenticator, timestamp: value })
}

/** Writes a PDU and gives the sequence number it went under; what answers a PDU goes under that PDU's number. */
function write(state: State, pdu: Outgoing, answered?: number): number {
  if (answered === undefined) state.sequence = (state.sequence % SEQUENCE_MAX) + 1
  const sequence = answered ?? state.sequence
  state.socket?.write(encodePdu(pdu, sequence, state.options.settings.version))
  return sequence
}

function take(state: State, socket: Socket, frame: Buffer): void {
  const { sequence, pdu } = decodePdu(frame, state.options.settings.version)
  // Whatever comes shows that the line lives.
  state.unansweredTests = 0
  switch (pdu.command) {
    case 'connect-answer':
      greeted(state, socket, pdu)
      return
    case 'submit-answer':
      state.pending.get(sequence)?.(answerOf(pdu))
      return
    case 'deliver':
      deliver(state, { sequence, pdu, socket })
      return
    case 'active-test':
      write(state, { command: 'active-test-answer' }, sequence)
      return
    case 'terminate':
      write(state, { command: 'terminate-answer' }, sequence)
      socket.end()
      return
    case 'terminate-answer':
      socket.destroy()
      return
    case 'active-test-answer':
    case 'unknown':
      return
  }
}

type ConnectAnswer = Extract<Incoming, { command: 'connect-answer' }>

function greeted(state: State, socket: Socket, answer: ConnectAnswer): void {
  const { settings, password } = state.options
  const trouble = troubleOf(answer, {
    source: state.source,
    secret: password.reveal(),
    version: settings.version,
    checksGateway: settings.checksGateway,
  })
  if (trouble !== null) {
    fail(state, socket, trouble)
    return
  }
  state.isBound = true
  state.connects += 1
  state.failures = 0
  state.lastError = null
  watchLine(state, socket)
  state.waiters.tell(true)
}

/** Why a connect failed; null when it did not. */
function troubleOf(
  answer: ConnectAnswer,
  known: Parameters<typeof isGatewayGenuine>[1] & { readonly checksGateway: boolean },
): string | null {
  if (answer.status !== OK) {
    const meaning = CONNECT_ERRORS[answer.status] ?? 'for a reason of its own'
    return `connect refused with status ${answer.status}: ${meaning}`
  }
  return known.checksGateway && !isGatewayGenuine(answer, known)
    ? 'the gateway does not know the secret: AuthenticatorISMG is wrong'
    : null
}

/** Tests the line; after three unanswered tests it is taken for dead. */
function watchLine(state: State, socket: Socket): void {
  state.unansweredTests = 0
  const timer = setInterval(() => {
    if (state.unansweredTests >= TEST_MISSES_MAX) {
      fail(state, socket, 'the gateway stopped answering active tests')
      return
    }
    state.unansweredTests += 1
    write(state, { command: 'active-test' })
  }, state.options.settings.activeTestMs)
  socket.on('close', () => clearInterval(timer))
}

function dropped(state: State, socket: Socket): void {
  if (state.socket !== socket) return
  state.socket = null
  state.isBound = false
  for (const settle of [...state.pending.values()]) {
    settle({ kind: 'unknown', detail: 'the connection dropped before the answer' })
  }
  if (state.isClosed) return
  state.failures += 1
  const { reconnectFirstMs, reconnectMaxMs } = state.options.settings
  const wait = Math.min(reconnectMaxMs, reconnectFirstMs * 2 ** Math.min(state.failures - 1, 16))
  state.retryTimer = setTimeout(() => open(state), wait)
}

function submit(state: State, fields: CmppSubmit): Promise<SubmitAnswer> {
  const { socket } = state
  if (socket === null || !state.isBound || !socket.writable) {
    return Promise.resolve({ kind: 'not-written', detail: state.lastError ?? 'not connected' })
  }
  return new Promise((resolve) => {
    const sequence = write(state, { command: 'submit', ...fields })
    const timer = setTimeout(
      () => settle({ kind: 'unknown', detail: 'no answer within answerWaitMs' }),
      state.options.settings.answerWaitMs,
    )
    const settle = (answer: SubmitAnswer): void => {
      clearTimeout(timer)
      state.pending.delete(sequence)
      resolve(answer)
    }
    state.pending.set(sequence, settle)
  })
}

function answerOf(pdu: Extract<Incoming, { command: 'submit-answer' }>): SubmitAnswer {
  if (pdu.result !== OK) return { kind: 'refused', status: pdu.result }
  return { kind: 'accepted', messageId: pdu.messageId }
}

type Offered = {
  readonly sequence: number
  readonly pdu: CmppDeliver
  readonly socket: Socket
}

function deliver(state: State, { sequence, pdu, socket }: Offered): void {
  const { handler } = state
  const { messageId } = pdu
  const answer = (result: number): void => {
    // An answer on a later connection would be to another PDU of the same number.
    if (state.socket === socket)
      write(state, { command: 'deliver-answer', messageId, result }, sequence)
  }
  const handled = handler === null ? Promise.reject(new Error('nobody listens')) : handler(pdu)
  handled.then(
    () => answer(OK),
    (error: unknown) => {
      state.lastError = error instanceof Error ? error.message : String(error)
      answer(OTHER_ERROR)
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
  const { socket } = state
  if (socket === null) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => socket.destroy(), TERMINATE_WAIT_MS)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
    if (state.isBound) write(state, { command: 'terminate' })
    else socket.destroy()
  })
}
