import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createFaults, type Faults } from '../control/faults.ts'
import { BEHAVED, type EslMisbehaviour } from './misbehaviour.ts'
import {
  apiResponse,
  commandReply,
  disconnectNotice,
  eventFrame,
  type Fields,
  rudeRejection,
} from './write-frame.ts'

export type DialledCall = { readonly callId: string; readonly to: string; readonly from: string }

export type Executed = { readonly callId: string; readonly app: string; readonly argument: string }

/** A FreeSWITCH's event socket on the loopback address, inbound mode, with nobody behind its calls. */
export type EslServer = {
  readonly port: number
  /** Every call that was dialled, as often as it was. */
  readonly dialled: () => readonly DialledCall[]
  /** Everything that was said or done in calls, in order: the application and its argument. */
  readonly executed: () => readonly Executed[]
  readonly misbehave: (change: Partial<EslMisbehaviour>) => void
  /** Ends the calls that are held, as the behaviour in force says. */
  readonly endCalls: () => void
  /** Cuts every connection; calls go on. */
  readonly dropConnections: () => void
  /** What it writes to everybody who listens. */
  readonly beat: () => void
  readonly close: () => Promise<void>
}

type Listener = {
  readonly socket: Socket
  rest: string
  isTrusted: boolean
  form: 'json' | 'plain'
  events: ReadonlySet<string>
}
type State = {
  readonly password: string
  readonly faults: Faults<EslMisbehaviour>
  readonly listeners: Set<Listener>
  readonly dialled: DialledCall[]
  readonly executed: Executed[]
  readonly live: Map<string, LiveCall>
}

type LiveCall = { readonly call: DialledCall; readonly jobId: string; answers: readonly string[] }

const ORIGINATE = /^bgapi originate \{([^}]*)\}sofia\/gateway\/[^/ ]+\/(\S+) &/

export async function startEslServer(options: {
  readonly port: number
  readonly password: string
}): Promise<EslServer> {
  const state: State = {
    password: options.password,
    faults: createFaults(BEHAVED),
    listeners: new Set(),
    dialled: [],
    executed: [],
    live: new Map(),
  }
  const server = createServer((socket) => greet(state, socket))
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const dropConnections = (): void => {
    for (const { socket } of state.listeners) socket.destroy()
  }
  return {
    port: address.port,
    dialled: () => state.dialled,
    executed: () => state.executed,
    misbehave: state.faults.set,
    endCalls: () => {
      for (const callId of [...state.live.keys()]) endCall(state, callId)
    },
    dropConnections,
    beat: () => tell(state, { 'Event-Name': 'HEARTBEAT', 'Event-Info': 'System Ready' }),
    close: async () => {
      server.close()
      dropConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}

function greet(state: State, socket: Socket): void {
  socket.on('error', () => socket.destroy())
  if (state.faults.take('rejectNext')) {
    socket.end(rudeRejection())
    return
  }
  const listener: Listener = {
    ...{ socket, rest: '', isTrusted: false, form: 'plain', events: new Set<string>() },
  }
  state.listeners.add(listener)
  socket.on('close', () => state.listeners.delete(listener))
  socket.setEncoding('utf8')
  socket.on('data', (chunk) => {
    listener.rest += chunk
    for (let end = listener.rest.indexOf('\n\n'); end >= 0; end = listener.rest.indexOf('\n\n')) {
      const lines = listener.rest.slice(0, end).split('\n')
      listener.rest = listener.rest.slice(end + 2)
      answer(state, listener, lines)
    }
  })
  say(state, listener, 'Content-Type: auth/request\n\n')
}

function answer(state: State, listener: Listener, lines: readonly string[]): void {
  const [line = '', ...more] = lines
  if (!listener.isTrusted) {
    authenticate(state, listener, line)
    return
  }
  const jobId = more.find((each) => each.startsWith('Job-UUID: '))?.slice(10) ?? randomUUID()
  if (line.startsWith('bgapi originate ')) originate(state, listener, { line, jobId })
  else if (line.startsWith('sendmsg ')) command(state, listener, { callId: line.slice(8), more })
  else reply(state, listener, answerPlain(state, listener, line))
}

function authenticate(state: State, listener: Listener, line: string): void {
  const isRefused = state.faults.take('refuseAuthNext') || line !== `auth ${state.password}`
  listener.isTrusted = !isRefused
  if (isRefused) listener.socket.end(commandReply('-ERR invalid') + disconnectNotice())
  else reply(state, listener, commandReply('+OK accepted'))
}

function answerPlain(state: State, listener: Listener, line: string): string {
  const [word, second = '', ...rest] = line.split(' ')
  if (word === 'event' && (second === 'json' || second === 'plain')) {
    listener.form = second
    listener.events = new Set(rest)
    return commandReply(`+OK event listener enabled ${second}`)
  }
  if (word === 'api' && second === 'uuid_exists') {
    return apiResponse(`${state.live.has(rest[0] ?? '')}`)
  }
  if (word === 'api' && second === 'uuid_break') return apiResponse('+OK\n')
  if (word === 'api') return apiResponse(`-ERR ${second} Command not found!\n`)
  return commandReply('-ERR command not found')
}

function originate(
  state: State,
  listener: Listener,
  { line, jobId }: { line: string; jobId: string },
): void {
  const { take } = state.faults
  if (take('dropBeforeNext')) {
    listener.socket.destroy()
    return
  }
  if (take('garbageNext')) {
    listener.socket.write('x'.repeat(20_000))
    return
  }
  const [, variables = '', to] = ORIGINATE.exec(line) ?? []
  if (take('refuseNext') || to === undefined) {
    reply(state, listener, commandReply('-ERR command not found'))
    return
  }
  const given = new Map(variables.split(',').map((each) => splitAt(each)))
  const callId = given.get('origination_uuid') ?? randomUUID()
  const call = { callId, to, from: given.get('origination_caller_id_number') ?? '' }
  state.dialled.push(call)
  state.live.set(callId, { call, jobId, answers: answersOf(state) })
  if (take('dropAfterNext')) listener.socket.destroy()
  else if (!take('silentNext')) {
    reply(state, listener, commandReply(`+OK Job-UUID: ${jobId}`, jobId))
  }
  const { answers, isAnswered, isHeld } = state.faults.get()
  if (answers !== '' && isAnswered) tellCall(state, callId, 'CHANNEL_ANSWER')
  else if (!isHeld) endCall(state, callId)
}

/** `sendmsg`: an application is carried out in a call, or the call is hung up. */
function command(
  state: State,
  listener: Listener,
  { callId, more }: { readonly callId: string; readonly more: readonly string[] },
): void {
  const live = state.live.get(callId)
  if (live === undefined) {
    reply(state, listener, commandReply(`-ERR invalid session id [${callId}]`))
    return
  }
  reply(state, listener, commandReply('+OK'))
  const given = new Map(more.map((each) => splitAt(each, ': ')))
  if (given.get('call-command') === 'hangup') {
    endCall(state, callId)
    return
  }
  const app = given.get('execute-app-name') ?? ''
  state.executed.push({ callId, app, argument: given.get('execute-app-arg') ?? '' })
  tellCall(state, callId, 'CHANNEL_EXECUTE_COMPLETE', {
    ...{ Application: app, 'Application-UUID': given.get('Event-UUID') ?? randomUUID() },
  })
  if (app === 'speak') answerNext(state, callId, live)
}

/** The person answers what was just said; whoever has no answer left hangs up. */
function answerNext(state: State, callId: string, live: LiveCall): void {
  const [next, ...rest] = live.answers
  live.answers = rest
  if (next === undefined) return
  if (next === 'hang up') endCall(state, callId)
  else if (next.startsWith('"')) {
    const body = `<result><interpretation><input mode="speech">${next.slice(1, -1)}</input></interpretation></result>`
    tellCall(state, callId, 'DETECTED_SPEECH', { 'Speech-Type': 'detected-speech' }, body)
  } else
    for (const key of next)
      tellCall(state, callId, 'DTMF', { 'DTMF-Digit': key, 'DTMF-Duration': '2000' })
}

function answersOf({ faults }: State): readonly string[] {
  return faults.get().answers.split(';')
}

function tellCall(
  state: State,
  callId: string,
  name: string,
  fields: Fields = {},
  body?: string,
): void {
  tell(state, { 'Event-Name': name, 'Unique-ID': callId, ...fields }, body)
}

function endCall(state: State, callId: string): void {
  const found = state.live.get(callId)
  if (found === undefined) return
  state.live.delete(callId)
  const { cause, isAnswered, amdResult, isJobFirst } = state.faults.get()
  const at = '1795469428'
  const end = {
    'Event-Name': 'CHANNEL_HANGUP_COMPLETE',
    'Hangup-Cause': cause,
    'Unique-ID': callId,
    'Call-Direction': 'outbound',
    'Caller-Destination-Number': found.call.to,
    variable_origination_uuid: callId,
    variable_hangup_cause: cause,
    variable_answer_epoch: isAnswered ? at : '0',
    variable_end_epoch: at,
    ...(amdResult === '' ? {} : { variable_amd_result: amdResult }),
  }
  const job = {
    'Event-Name': 'BACKGROUND_JOB',
    'Job-UUID': found.jobId,
    'Job-Command': 'originate',
  }
  const result = isAnswered ? `+OK ${callId}\n` : `-ERR ${cause}\n`
  if (isJobFirst) tell(state, job, result)
  tell(state, end)
  if (!isJobFirst) tell(state, job, result)
}

function tell(state: State, fields: Fields, body?: string): void {
  const times = state.faults.get().isEventDoubled ? 2 : 1
  for (const listener of state.listeners) {
    if (!listener.events.has(fields['Event-Name'] ?? '')) continue
    for (let time = 0; time < times; time += 1) {
      say(state, listener, eventFrame(listener.form, fields, body))
    }
  }
}

function reply(state: State, listener: Listener, text: string): void {
  const { slowMs } = state.faults.get()
  if (slowMs === 0) say(state, listener, text)
  else setTimeout(() => say(state, listener, text), slowMs)
}

function say(state: State, { socket }: Listener, text: string): void {
  if (!socket.writable) return
  if (!state.faults.get().isInPieces) socket.write(text)
  else for (const byte of Buffer.from(text)) socket.write(Buffer.of(byte))
}

function splitAt(text: string, mark = '='): [string, string] {
  const at = text.indexOf(mark)
  return [text.slice(0, at), text.slice(at + mark.length)]
}
