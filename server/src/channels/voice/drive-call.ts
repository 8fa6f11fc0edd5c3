import { randomUUID } from 'node:crypto'
import type { Permit } from '../permit.ts'
import type { EslEvent } from './esl-event.ts'
import type { EslLink } from './esl-link.ts'
import type { Heard, RobotTalk, Speech, Turn } from './robot-talk.ts'

/** One answered call: what the switch tells of it goes in, turn after turn comes out. */
export type DrivenCall = {
  readonly take: (event: EslEvent) => void
  readonly end: () => void
}

type Given = {
  readonly permit: Permit
  readonly link: EslLink
  readonly talk: RobotTalk
  readonly speech: Speech
  readonly transferTo: string | null
  readonly onTrouble: (error: unknown) => void
}
type State = {
  turn: Turn | null
  /** The id under which the switch tells that the turn's words were said; null once they were. */
  saying: string | null
  keys: string
  timer: NodeJS.Timeout | null
  isEnded: boolean
}

/** Talks over one call from its answer on. Whatever fails on our side ends the call: nobody is left in silence. */
export function driveCall(given: Given): DrivenCall {
  const state: State = { turn: null, saying: null, keys: '', timer: null, isEnded: false }
  return {
    take: (event) => take(given, state, event),
    end: () => {
      state.isEnded = true
      stopTimer(state)
    },
  }
}

function take(given: Given, state: State, { name, fields, body }: EslEvent): void {
  if (state.isEnded) return
  switch (name) {
    case 'CHANNEL_ANSWER':
      if (state.turn === null) begin(given, state)
      return
    case 'CHANNEL_EXECUTE_COMPLETE':
      if (state.saying !== null && fields.get('Application-UUID') === state.saying)
        afterWords(given, state)
      return
    case 'DTMF':
      takeKey(given, state, fields.get('DTMF-Digit') ?? '')
      return
    case 'DETECTED_SPEECH': {
      if (fields.get('Speech-Type') !== 'detected-speech') return
      const text = given.speech.wordsOf(body)
      if (text !== null) hear(given, state, { kind: 'words', text })
    }
  }
}

function begin(given: Given, state: State): void {
  try {
    perform(given, state, given.talk.begin(given.permit))
  } catch (error) {
    giveUp(given, state, error)
  }
}

function perform(given: Given, state: State, turn: Turn): void {
  if (state.isEnded) return
  const { speech } = given
  state.turn = turn
  state.keys = ''
  state.saying = randomUUID()
  execute(given, {
    app: 'speak',
    argument: speech.speakArgument(turn.say, turn.language),
    eventId: state.saying,
  })
}

/** The words were said, or the person spoke over them. */
function afterWords(given: Given, state: State): void {
  const { turn } = state
  state.saying = null
  if (turn === null) return
  const { next } = turn
  switch (next.kind) {
    case 'hang-up':
      hangUp(given, state)
      return
    case 'transfer':
      if (given.transferTo === null) hangUp(given, state)
      else execute(given, { app: 'transfer', argument: given.transferTo })
      return
    case 'listen': {
      const argument = given.speech.detectArgument(turn.language)
      if (argument !== null) execute(given, { app: 'detect_speech', argument })
      startTimer(given, state, next.waitMs)
    }
  }
}

function takeKey(given: Given, state: State, key: string): void {
  const next = state.turn?.next
  if (next?.kind !== 'listen' || !/^[0-9*#]$/.test(key)) return
  if (state.saying !== null) {
    state.saying = null
    command(given, [`api uuid_break ${given.permit.permitId} all`])
  }
  state.keys += key
  if (state.keys.length >= next.keys) hear(given, state, { kind: 'keys', keys: state.keys })
  else startTimer(given, state, next.waitMs)
}

/** A turn is answered once: what comes while the answer is thought over belongs to nothing. */
function hear(given: Given, state: State, heard: Heard): void {
  if (state.turn?.next.kind !== 'listen') return
  stopTimer(state)
  state.turn = null
  state.saying = null
  given.talk.heard(given.permit, heard).then(
    (turn) => perform(given, state, turn),
    (error: unknown) => giveUp(given, state, error),
  )
}

function startTimer(given: Given, state: State, waitMs: number): void {
  stopTimer(state)
  state.timer = setTimeout(() => hear(given, state, { kind: 'silence' }), waitMs)
}

function stopTimer(state: State): void {
  if (state.timer !== null) clearTimeout(state.timer)
  state.timer = null
}

function giveUp(given: Given, state: State, error: unknown): void {
  given.onTrouble(error)
  hangUp(given, state)
}

function hangUp(given: Given, state: State): void {
  stopTimer(state)
  state.turn = null
  command(given, [
    `sendmsg ${given.permit.permitId}`,
    'call-command: hangup',
    'hangup-cause: NORMAL_CLEARING',
  ])
}

function execute(
  given: Given,
  { app, argument, eventId }: { app: string; argument: string; eventId?: string },
): void {
  command(given, [
    `sendmsg ${given.permit.permitId}`,
    'call-command: execute',
    `execute-app-name: ${app}`,
    `execute-app-arg: ${argument}`,
    ...(eventId === undefined ? [] : [`Event-UUID: ${eventId}`]),
  ])
}

/** A command that the switch refuses is about a call that is over: its end comes as an event. */
function command({ link }: Given, lines: readonly string[]): void {
  void link.command(lines)
}
