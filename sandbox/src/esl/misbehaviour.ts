/** What the switch does on demand. Counts say for how many of the next commands or calls. */
export type EslMisbehaviour = {
  /** Refuses a connection by its access list. */
  readonly rejectNext: number
  /** Answers -ERR to the next passwords. */
  readonly refuseAuthNext: number
  /** Answers -ERR to the next calls and dials nothing. */
  readonly refuseNext: number
  /** Drops the connection and dials nothing. */
  readonly dropBeforeNext: number
  /** Dials, then drops the connection instead of answering. */
  readonly dropAfterNext: number
  /** Dials and never answers. */
  readonly silentNext: number
  /** Answers with bytes that are no frame. */
  readonly garbageNext: number
  /** Waits this long before each reply, in milliseconds. */
  readonly slowMs: number
  /** Writes all it says byte by byte. */
  readonly isInPieces: boolean
  readonly isEventDoubled: boolean
  /** Tells the job's result before the channel's end. */
  readonly isJobFirst: boolean
  /** Calls go on until `endCalls`. */
  readonly isHeld: boolean
  /** What the person on the line answers to each thing that is said: keys, `"words"`, `hang up`, or
   * nothing; separated by `;`. Empty
   * as a whole: nobody talks, and a call ends as soon as it is answered. */
  readonly answers: string
  /** The hangup cause of calls that end. */
  readonly cause: string
  readonly isAnswered: boolean
  /** The value of `amd_result`; none when empty. */
  readonly amdResult: string
}

export const BEHAVED: EslMisbehaviour = {
  rejectNext: 0,
  refuseAuthNext: 0,
  refuseNext: 0,
  dropBeforeNext: 0,
  dropAfterNext: 0,
  silentNext: 0,
  garbageNext: 0,
  slowMs: 0,
  isInPieces: false,
  isEventDoubled: false,
  isJobFirst: false,
  isHeld: false,
  answers: '',
  cause: 'NORMAL_CLEARING',
  isAnswered: true,
  amdResult: '',
}
