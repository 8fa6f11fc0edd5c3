import type { Clock, Secret } from '@dunlin/kernel'
import type { Channel, ProviderAccount, SendResult } from '../channel.ts'
import type { Permit } from '../permit.ts'
import { type CallOutcome, type Calls, createCalls } from './calls.ts'
import { type DrivenCall, driveCall } from './drive-call.ts'
import { type EslAnswer, type EslLink, openEslLink } from './esl-link.ts'
import { mrcpSpeech } from './mrcp-speech.ts'
import type { RobotSettings } from './robot-settings.ts'
import type { RobotTalk } from './robot-talk.ts'

export type RobotChannel = Channel & {
  readonly health: () => {
    readonly isBound: boolean
    readonly calls: number
    readonly lastError: string | null
  }
  readonly whenReady: (waitMs: number) => Promise<boolean>
}

type Options = {
  readonly account: ProviderAccount
  readonly settings: RobotSettings
  readonly password: Secret<string>
  readonly clock: Clock
  /** Who talks; null for a process that makes no calls. */
  readonly talk: RobotTalk | null
  readonly onTrouble: (error: unknown) => void
}
type Live = { readonly permit: Permit; readonly driven: DrivenCall }
type State = Options & {
  readonly link: EslLink
  readonly live: Map<string, Live>
}

/** After FreeSWITCH no longer knows a call its end may still be told for so long. */
const END_GRACE_MS = 5_000

/**
 * Robot calls over a FreeSWITCH. A permit is dialled under its own id, so that nothing rings twice; the call is
 * `accepted` when the switch took it, and what became of it is told to whoever talks.
 */
export function createRobotChannel(options: Options): RobotChannel {
  const { settings, password, account } = options
  const link = openEslLink({ settings, password })
  const state: State = { ...options, link, live: new Map() }
  const { gateway, callerNumber, ringSeconds, talkSecondsMax, lines } = settings
  const calls = createCalls({
    link,
    plan: { gateway, callerNumber, ringSeconds, talkSecondsMax, application: 'park()' },
    onOutcome: (outcome) => ended(state, outcome),
    endGraceMs: END_GRACE_MS,
  })
  link.onEvent((event) => state.live.get(event.fields.get('Unique-ID') ?? '')?.driven.take(event))
  return {
    name: 'robot-call',
    account,
    window: lines,
    countParts: () => 1,
    free: () => (options.talk === null ? 0 : lines - state.live.size),
    send: (permits) => Promise.all(permits.map((permit) => call(state, calls, permit))),
    close: async () => {
      calls.close()
      for (const { driven } of state.live.values()) driven.end()
      link.close()
    },
    health: () => ({
      isBound: link.health().isReady,
      calls: state.live.size,
      lastError: link.health().lastError,
    }),
    whenReady: link.whenReady,
  }
}

async function call(state: State, calls: Calls, permit: Permit): Promise<SendResult> {
  const { talk, settings, live, link, clock, onTrouble } = state
  const { permitId } = permit
  const notSent = (detail: string): SendResult => ({ permitId, fate: 'not-sent', detail })
  if (clock.now() >= permit.expiresAt) return notSent('the permit has expired')
  if (talk === null) return notSent('this process makes no calls')
  if (live.size >= settings.lines) return notSent('every line is taken')
  const driven = driveCall({
    ...{
      permit,
      link,
      talk,
      onTrouble,
      transferTo: settings.transferTo,
      speech: mrcpSpeech(settings),
    },
  })
  live.set(permitId, { permit, driven })
  const answer = await calls.dial({ callId: permitId, number: permit.address })
  const result = resultOf(permitId, answer)
  // What is unknown may ring: it is followed like a call that was taken.
  if (result.fate === 'not-sent' || result.fate === 'rejected') live.delete(permitId)
  return result
}

function resultOf(permitId: string, answer: EslAnswer): SendResult {
  switch (answer.kind) {
    case 'answered':
      return { permitId, fate: 'accepted', providerMessageId: permitId, parts: 1 }
    case 'refused':
      return answer.text.includes('INVALID_NUMBER_FORMAT')
        ? { permitId, fate: 'rejected', code: 'invalid', detail: 'no number that can be dialled' }
        : { permitId, fate: 'not-sent', detail: 'the switch refused the call' }
    case 'not-written':
      return { permitId, fate: 'not-sent', detail: answer.detail }
    case 'unknown':
      return { permitId, fate: 'unknown', detail: answer.detail }
  }
}

function ended({ live, talk, onTrouble }: State, { callId, line }: CallOutcome): void {
  const found = live.get(callId)
  if (found === undefined) return
  live.delete(callId)
  found.driven.end()
  talk?.ended(found.permit, line).catch(onTrouble)
}
