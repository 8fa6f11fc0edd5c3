import type { Line } from '@dunlin/policy'

/** What the network can say of a call, in the gate's words. */
export type CallLine = Exclude<Line, 'delivered' | 'failed'>

/** What FreeSWITCH tells of a call that has ended. */
export type CallEnd = {
  /** The name of the hangup cause; what FreeSWITCH wrote, not trusted to be one that is known. */
  readonly cause: string
  readonly isAnswered: boolean
  /** The channel variable `amd_result` of mod_amd; null when nobody listened for a machine. */
  readonly amdResult: string | null
}

/**
 * The line of each hangup cause of a call that was not answered. Names and numbers are those of FreeSWITCH's table of
 * causes (developer.signalwire.com/freeswitch/reference/hangup-causes, read November 2026); the numbers up to 127 are
 * ITU-T Q.850's, those above are FreeSWITCH's own. `invalid` ends calls to a number, so only the causes whose
 * definition says that the number itself reaches nobody give it; a carrier's or our own trouble never does.
 */
export const LINE_OF_CAUSE: Readonly<
  Record<string, { readonly code: number; readonly line: CallLine }>
> = {
  UNALLOCATED_NUMBER: { code: 1, line: 'invalid' },
  NO_ROUTE_TRANSIT_NET: { code: 2, line: 'not-connected' },
  NO_ROUTE_DESTINATION: { code: 3, line: 'not-connected' },
  NORMAL_CLEARING: { code: 16, line: 'not-connected' },
  USER_BUSY: { code: 17, line: 'busy' },
  NO_USER_RESPONSE: { code: 18, line: 'no-answer' },
  NO_ANSWER: { code: 19, line: 'no-answer' },
  SUBSCRIBER_ABSENT: { code: 20, line: 'not-connected' },
  CALL_REJECTED: { code: 21, line: 'not-connected' },
  NUMBER_CHANGED: { code: 22, line: 'invalid' },
  REDIRECTION_TO_NEW_DESTINATION: { code: 23, line: 'not-connected' },
  EXCHANGE_ROUTING_ERROR: { code: 25, line: 'not-connected' },
  DESTINATION_OUT_OF_ORDER: { code: 27, line: 'not-connected' },
  INVALID_NUMBER_FORMAT: { code: 28, line: 'invalid' },
  FACILITY_REJECTED: { code: 29, line: 'not-connected' },
  NORMAL_UNSPECIFIED: { code: 31, line: 'not-connected' },
  NORMAL_CIRCUIT_CONGESTION: { code: 34, line: 'not-connected' },
  NETWORK_OUT_OF_ORDER: { code: 38, line: 'not-connected' },
  NORMAL_TEMPORARY_FAILURE: { code: 41, line: 'not-connected' },
  SWITCH_CONGESTION: { code: 42, line: 'not-connected' },
  REQUESTED_CHAN_UNAVAIL: { code: 44, line: 'not-connected' },
  OUTGOING_CALL_BARRED: { code: 52, line: 'not-connected' },
  INCOMING_CALL_BARRED: { code: 54, line: 'not-connected' },
  SERVICE_UNAVAILABLE: { code: 63, line: 'not-connected' },
  INCOMPATIBLE_DESTINATION: { code: 88, line: 'not-connected' },
  RECOVERY_ON_TIMER_EXPIRE: { code: 102, line: 'not-connected' },
  INTERWORKING: { code: 127, line: 'not-connected' },
  ORIGINATOR_CANCEL: { code: 487, line: 'no-answer' },
}

/**
 * The line outcome of a call that has ended. Whoever hung up and why, an answered call was answered; a machine's
 * answer is a voicemail. A cause that is not in the table says nothing, so it is `unknown`, never a guess.
 */
export function lineOf(end: CallEnd): CallLine {
  if (end.isAnswered) return end.amdResult === 'MACHINE' ? 'voicemail' : 'connected'
  return Object.hasOwn(LINE_OF_CAUSE, end.cause)
    ? (LINE_OF_CAUSE[end.cause]?.line ?? 'unknown')
    : 'unknown'
}
