import type { Secret } from '@dunlin/kernel'
import { type EndedCall, type EslEvent, readEnd } from './esl-event.ts'
import type { EslAnswer, EslLink } from './esl-link.ts'
import { type CallLine, lineOf } from './line-outcome.ts'

/** A call to dial. Its id is stored by whoever orders it before it is handed over here. */
export type CallOrder = {
  /** A UUID: the channel's and the job's id at FreeSWITCH. */
  readonly callId: string
  /** The number as the gateway wants it; it stands in no answer, outcome or error. */
  readonly number: Secret<string>
}

/** Through which gateway calls go, and how. */
export type DialPlan = {
  readonly gateway: string
  readonly callerNumber: string
  /** The application that has the call once it is answered, with its argument in brackets. */
  readonly application: string
  readonly ringSeconds: number
  /** The switch ends an answered call after so long, whatever became of us. */
  readonly talkSecondsMax: number
}

export type CallOutcome = { readonly callId: string; readonly line: CallLine }

/** Calls that are dialled and followed until their one outcome is told. */
export type Calls = {
  readonly dial: (order: CallOrder) => Promise<EslAnswer>
  /** Follows calls that another process dialled, so that its death loses no outcome; it dials nothing. */
  readonly follow: (callIds: readonly string[]) => Promise<void>
  readonly followed: () => number
  readonly close: () => void
}

type CallsOptions = {
  readonly link: EslLink
  readonly plan: DialPlan
  readonly onOutcome: (outcome: CallOutcome) => void
  /** How long after FreeSWITCH no longer knows a call its end may still be told, before it is unknown. */
  readonly endGraceMs: number
}

type State = {
  readonly options: CallsOptions
  /** The calls without an outcome, each with the timer of its grace once FreeSWITCH no longer knows it. */
  readonly open: Map<string, NodeJS.Timeout | null>
}

const CALL_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const NUMBER = /^\+?\d{3,20}$/
const GATEWAY = /^[\w.-]{1,64}$/
const APPLICATION = /^\w{1,32}\([\w./:-]{0,200}\)$/

/** Dials over one link. Throws on a plan that could not be written as a command. */
export function createCalls(options: CallsOptions): Calls {
  const { link, plan } = options
  if (!GATEWAY.test(plan.gateway)) throw new RangeError('the gateway is no name')
  if (!NUMBER.test(plan.callerNumber)) throw new RangeError('the caller number is no number')
  if (!APPLICATION.test(plan.application)) throw new RangeError('the application is no application')
  const state: State = { options, open: new Map() }
  link.onEvent((event) => take(state, event))
  link.onReady(() => void askAfter(state, [...state.open.keys()]))
  return {
    dial: (order) => dial(state, order),
    follow: async (callIds) => {
      for (const callId of callIds) {
        assertId(callId)
        if (!state.open.has(callId)) state.open.set(callId, null)
      }
      await askAfter(state, callIds)
    },
    followed: () => state.open.size,
    close: () => {
      for (const timer of state.open.values()) if (timer !== null) clearTimeout(timer)
      state.open.clear()
    },
  }
}

/**
 * Hands one call over. What was refused or never written is not followed; what is unknown is, since it may ring: when
 * the line is back FreeSWITCH is asked whether it knows the id, and nothing is dialled again.
 */
async function dial(state: State, { callId, number }: CallOrder): Promise<EslAnswer> {
  assertId(callId)
  if (state.open.has(callId)) throw new RangeError('a call is dialled once')
  const to = number.reveal()
  if (!NUMBER.test(to)) return { kind: 'refused', text: '-ERR INVALID_NUMBER_FORMAT' }
  const { link, plan } = state.options
  state.open.set(callId, null)
  const variables = [
    `origination_uuid=${callId}`,
    `origination_caller_id_number=${plan.callerNumber}`,
    `originate_timeout=${plan.ringSeconds}`,
    'ignore_early_media=true',
    `execute_on_answer='sched_hangup +${plan.talkSecondsMax} alloted_timeout'`,
  ]
  const answer = await link.command([
    `bgapi originate {${variables}}sofia/gateway/${plan.gateway}/${to} &${plan.application}`,
    `Job-UUID: ${callId}`,
  ])
  if (answer.kind === 'refused' || answer.kind === 'not-written') state.open.delete(callId)
  return answer
}

function take(state: State, event: EslEvent): void {
  const end = event.name === 'BACKGROUND_JOB' ? readFailedJob(event) : readEnd(event)
  if (end !== null) settle(state, end.callId, lineOf(end))
}

/** A call that never came to be has no channel and no end of one: only its job says so. */
function readFailedJob({ fields, body }: EslEvent): EndedCall | null {
  const callId = fields.get('Job-UUID')
  const cause = /^-ERR (\w+)/.exec(body)?.[1]
  if (callId === undefined || cause === undefined) return null
  return { callId, cause, isAnswered: false, amdResult: null }
}

/** The end and the failed job of a call come in either order and may come twice: the first is the outcome. */
function settle(state: State, callId: string, line: CallLine): void {
  const timer = state.open.get(callId)
  if (timer === undefined) return
  if (timer !== null) clearTimeout(timer)
  state.open.delete(callId)
  state.options.onOutcome({ callId, line })
}

async function askAfter(state: State, callIds: readonly string[]): Promise<void> {
  for (const callId of callIds) {
    const answer = await state.options.link.command([`api uuid_exists ${callId}`])
    if (answer.kind === 'answered' && answer.text === 'false') startGrace(state, callId)
  }
}

/** Its end may be on the way, for events and replies are two queues; after the grace nobody can tell it any more. */
function startGrace(state: State, callId: string): void {
  if (state.open.get(callId) !== null) return
  const timer = setTimeout(() => settle(state, callId, 'unknown'), state.options.endGraceMs)
  state.open.set(callId, timer)
}

function assertId(callId: string): void {
  if (!CALL_ID.test(callId)) throw new RangeError('the id of a call is a UUID')
}
