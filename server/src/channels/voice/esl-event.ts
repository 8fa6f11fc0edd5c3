import { z } from 'zod'
import { type EslFrame, readPlainEvent } from './esl-frames.ts'
import type { CallEnd } from './line-outcome.ts'

/** One event of FreeSWITCH, in whichever of its two forms it came. */
export type EslEvent = {
  readonly name: string
  readonly fields: ReadonlyMap<string, string>
  readonly body: string
}

/** A call of ours that has ended, by the id that we gave it before it was dialled. */
export type EndedCall = CallEnd & { readonly callId: string }

const jsonEvent = z.record(z.string(), z.string())

/** The event in a frame; null when the frame holds a reply or something else. Throws on a body that cannot be read. */
export function readEvent(frame: EslFrame): EslEvent | null {
  const type = frame.headers.get('Content-Type')
  if (type === 'text/event-plain') {
    const { headers, body } = readPlainEvent(frame.body)
    return named(headers, body)
  }
  if (type !== 'text/event-json') return null
  const parsed: unknown = JSON.parse(frame.body)
  const fields = new Map(Object.entries(jsonEvent.parse(parsed)))
  return named(fields, fields.get('_body') ?? '')
}

/**
 * The end of a call that was dialled with an id of ours; null for every other event. The far leg of a call within one
 * box has an end of its own and no `origination_uuid`, so it is not taken for ours.
 */
export function readEnd({ name, fields }: EslEvent): EndedCall | null {
  if (name !== 'CHANNEL_HANGUP_COMPLETE') return null
  const callId = fields.get('variable_origination_uuid')
  if (callId === undefined || callId !== fields.get('Unique-ID')) return null
  return {
    callId,
    cause: fields.get('Hangup-Cause') ?? '',
    isAnswered: Number(fields.get('variable_answer_epoch') ?? 0) > 0,
    amdResult: fields.get('variable_amd_result') ?? null,
  }
}

function named(fields: ReadonlyMap<string, string>, body: string): EslEvent {
  return { name: fields.get('Event-Name') ?? '', fields, body }
}
