import { connect, type Socket } from 'node:net'
import type { Secret } from '@dunlin/kernel'
import { createWaiters, type Waiters } from '../waiters.ts'
import { type EslEvent, readEvent } from './esl-event.ts'
import { createEslCutter, type EslFrame, encodeEslCommand } from './esl-frames.ts'
import type { EslSettings } from './esl-settings.ts'

/** What became of one command. `unknown` may have been carried out: nobody sends it again. */
export type EslAnswer =
  | { readonly kind: 'answered'; readonly text: string }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'unknown'; readonly detail: string }
  | { readonly kind: 'not-written'; readonly detail: string }

/** A connection to FreeSWITCH's event socket that is kept up: authenticated, subscribed, watched. */
export type EslLink = {
  readonly command: (lines: readonly string[]) => Promise<EslAnswer>
  readonly onEvent: (handler: (event: EslEvent) => void) => void
  /** Called each time that events flow again, so that what happened between can be asked for. */
  readonly onReady: (handler: () => void) => void
  readonly whenReady: (waitMs: number) => Promise<boolean>
  readonly health: () => {
    readonly isReady: boolean
    readonly connects: number
    readonly inFlight: number
    readonly lastError: string | null
  }
  readonly close: () => void
}

type LinkOptions = { readonly settings: EslSettings; readonly password: Secret<string> }
type Pending = (answer: EslAnswer) => void

type State = {
  readonly options: LinkOptions
  readonly eventHandlers: ((event: EslEvent) => void)[]
  readonly readyHandlers: (() => void)[]
  readonly waiters: Waiters
  pending: Pending[]
  socket: Socket | null
  isReady: boolean
  isClosed: boolean
  connects: number
  failures: number
  lastError: string | null
  retryTimer: NodeJS.Timeout | null
}

const EVENTS = `event json CHANNEL_ANSWER CHANNEL_HANGUP_COMPLETE BACKGROUND_JOB HEARTBEAT CHANNEL_EXECUTE_COMPLETE DTMF DETECTED_SPEECH`

/** Opens the connection and keeps it up until it is closed. */
export function openEslLink(options: LinkOptions): EslLink {
  const state: State = {
    options,
    eventHandlers: [],
    readyHandlers: [],
    waiters: createWaiters(),
    pending: [],
    socket: null,
    isReady: false,
    isClosed: false,
    connects: 0,
    failures: 0,
    lastError: null,
    retryTimer: null,
  }
  open(state)
  return {
    command: async (lines) =>
      state.isReady
        ? write(state, lines)
        : { kind: 'not-written', detail: state.lastError ?? 'not connected' },
    onEvent: (handler) => state.eventHandlers.push(handler),
    onReady: (handler) => state.readyHandlers.push(handler),
    whenReady: (waitMs) => whenReady(state, waitMs),
    health: () => ({
      isReady: state.isReady,
      connects: state.connects,
      inFlight: state.pending.length,
      lastError: state.lastError,
    }),
    close: () => close(state),
  }
}

function open(state: State): void {
  const { host, port, connectWaitMs, silenceMaxMs } = state.options.settings
  const socket = connect({ host, port })
  state.socket = socket
  const cut = createEslCutter()
  const connectTimer = setTimeout(() => {
    if (!state.isReady) giveUp(state, socket, 'not ready within connectWaitMs')
  }, connectWaitMs)
  socket.setTimeout(silenceMaxMs, () =>
    giveUp(state, socket, 'silent for longer than silenceMaxMs'),
  )
  socket.on('error', (error) => {
    state.lastError = error.message
  })
  socket.on('close', () => {
    clearTimeout(connectTimer)
    dropped(state)
  })
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const frame of cut(chunk)) take(state, socket, frame)
    } catch {
      // The error could quote the bytes, and with them a number: only that they made no sense is told.
      giveUp(state, socket, 'bytes that make no sense')
    }
  })
}

function take(state: State, socket: Socket, frame: EslFrame): void {
  switch (frame.headers.get('Content-Type')) {
    case 'auth/request':
      introduce(state, socket).catch(() => giveUp(state, socket, 'the password is no command'))
      return
    case 'command/reply':
      settleNext(state, readReply(frame.headers.get('Reply-Text') ?? ''))
      return
    case 'api/response':
      settleNext(state, readReply(frame.body.trimEnd()))
      return
    case 'text/rude-rejection':
      giveUp(state, socket, 'refused by the access list')
      return
    case 'text/disconnect-notice':
      giveUp(state, socket, state.lastError ?? 'FreeSWITCH ended the connection')
      return
    default: {
      const event = readEvent(frame)
      if (event !== null) for (const handler of state.eventHandlers) handler(event)
    }
  }
}

async function introduce(state: State, socket: Socket): Promise<void> {
  const auth = await write(state, [`auth ${state.options.password.reveal()}`])
  if (auth.kind !== 'answered') {
    giveUp(state, socket, 'the password was refused')
    return
  }
  const subscribed = await write(state, [EVENTS])
  if (subscribed.kind !== 'answered') {
    giveUp(state, socket, 'no events were given')
    return
  }
  state.isReady = true
  state.connects += 1
  state.failures = 0
  state.waiters.tell(true)
  for (const handler of state.readyHandlers) handler()
}

/** Replies carry no id: they come in the order of the commands, so one that is missing ends the connection. */
function write(state: State, lines: readonly string[]): Promise<EslAnswer> {
  const bytes = encodeEslCommand(lines)
  const { socket } = state
  if (socket === null || !socket.writable) {
    return Promise.resolve({ kind: 'not-written', detail: 'not connected' })
  }
  return new Promise((resolve) => {
    const timer = setTimeout(
      () => giveUp(state, socket, 'no reply within answerWaitMs'),
      state.options.settings.answerWaitMs,
    )
    state.pending.push((answer) => {
      clearTimeout(timer)
      resolve(answer)
    })
    socket.write(bytes)
  })
}

function readReply(text: string): EslAnswer {
  return text.startsWith('-') ? { kind: 'refused', text } : { kind: 'answered', text }
}

function settleNext(state: State, answer: EslAnswer): void {
  const settle = state.pending.shift()
  if (settle === undefined) throw new RangeError('a reply that nobody asked for')
  settle(answer)
}

function giveUp(state: State, socket: Socket, reason: string): void {
  state.lastError = reason
  socket.destroy()
}

function dropped(state: State): void {
  state.socket = null
  state.isReady = false
  const unanswered = state.pending
  state.pending = []
  for (const settle of unanswered) {
    settle({ kind: 'unknown', detail: 'the connection dropped before the reply' })
  }
  if (state.isClosed) return
  state.failures += 1
  const { reconnectFirstMs, reconnectMaxMs } = state.options.settings
  const wait = Math.min(reconnectMaxMs, reconnectFirstMs * 2 ** Math.min(state.failures - 1, 16))
  state.retryTimer = setTimeout(() => open(state), wait)
}

async function whenReady(state: State, waitMs: number): Promise<boolean> {
  return state.isReady || state.isClosed ? state.isReady : state.waiters.wait(waitMs)
}

function close(state: State): void {
  state.isClosed = true
  state.isReady = false
  if (state.retryTimer !== null) clearTimeout(state.retryTimer)
  state.waiters.tell(false)
  state.socket?.destroy()
}
