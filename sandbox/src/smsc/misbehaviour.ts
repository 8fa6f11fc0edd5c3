/** What the SMSC does wrong on demand. Counts say for how many of the next submits. */
export type Misbehaviour = {
  /** Answers 0x58 (throttled) without accepting. */
  readonly throttleNext: number
  /** Answers 0x14 (queue full) without accepting. */
  readonly queueFullNext: number
  /** Answers 0x45 (submit failed) without accepting. */
  readonly rejectNext: number
  /** Drops the connection without accepting. */
  readonly dropBeforeNext: number
  /** Accepts, then drops the connection instead of answering. */
  readonly dropAfterNext: number
  /** Accepts and never answers. */
  readonly silentNext: number
  /** Accepts, then answers with bytes that are no PDU. */
  readonly garbageNext: number
  /** Refuses this many of the next binds. */
  readonly refuseBindNext: number
  /** Waits this long before each answer, in milliseconds. */
  readonly slowMs: number
  /** Answers every submit twice. */
  readonly isAnswerDoubled: boolean
  /** Sends every delivery receipt twice. */
  readonly isReceiptDoubled: boolean
  /** Sends the receipt before the answer to the submit. */
  readonly isReceiptFirst: boolean
  /** How the receipt writes the id that the answer gave in hexadecimal. */
  readonly receiptId: 'same' | 'decimal'
  /** What becomes of messages: the `stat` of receipts. */
  readonly receiptState: 'DELIVRD' | 'UNDELIV' | 'EXPIRED' | 'REJECTD'
  /** How long after accepting the receipt goes out, in milliseconds. */
  readonly receiptDelayMs: number
}

export const BEHAVED: Misbehaviour = {
  throttleNext: 0,
  queueFullNext: 0,
  rejectNext: 0,
  dropBeforeNext: 0,
  dropAfterNext: 0,
  silentNext: 0,
  garbageNext: 0,
  refuseBindNext: 0,
  slowMs: 0,
  isAnswerDoubled: false,
  isReceiptDoubled: false,
  isReceiptFirst: false,
  receiptId: 'same',
  receiptState: 'DELIVRD',
  receiptDelayMs: 0,
}
