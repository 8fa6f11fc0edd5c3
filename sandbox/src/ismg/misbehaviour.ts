/** What the gateway does wrong on demand. Counts say for how many of the next PDUs. */
export type IsmgMisbehaviour = {
  /** Answers submits with result 8 (flow control) without accepting. */
  readonly flowControlNext: number
  /** Answers submits with result 9 (other error) without accepting. */
  readonly rejectNext: number
  /** Drops the connection without accepting. */
  readonly dropBeforeNext: number
  /** Accepts, then drops the connection instead of answering. */
  readonly dropAfterNext: number
  /** Accepts and never answers. */
  readonly silentNext: number
  /** Accepts, then answers with bytes that are no PDU. */
  readonly garbageNext: number
  /** Accepts, writes the first half of the answer and drops the connection. */
  readonly halfAnswerNext: number
  /** Refuses connects with status 3 (authentication). */
  readonly refuseConnectNext: number
  /** Answers connects with an authenticator made with another secret. */
  readonly wrongAuthenticatorNext: number
  /** Answers no active test while it lasts. */
  readonly isDeaf: boolean
  /** Waits this long before each answer, in milliseconds. */
  readonly slowMs: number
  /** Answers every submit twice. */
  readonly isAnswerDoubled: boolean
  /** Sends every status report twice. */
  readonly isReceiptDoubled: boolean
  /** Sends the status report before the answer to the submit. */
  readonly isReceiptFirst: boolean
  /** What becomes of messages: a state of the specification, or an operator's own code such as MK:0005. */
  readonly receiptState: string
  /** How long after accepting the report goes out, in milliseconds. */
  readonly receiptDelayMs: number
}

export const ISMG_BEHAVED: IsmgMisbehaviour = {
  flowControlNext: 0,
  rejectNext: 0,
  dropBeforeNext: 0,
  dropAfterNext: 0,
  silentNext: 0,
  garbageNext: 0,
  halfAnswerNext: 0,
  refuseConnectNext: 0,
  wrongAuthenticatorNext: 0,
  isDeaf: false,
  slowMs: 0,
  isAnswerDoubled: false,
  isReceiptDoubled: false,
  isReceiptFirst: false,
  receiptState: 'DELIVRD',
  receiptDelayMs: 0,
}
