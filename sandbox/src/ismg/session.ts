import type { Socket } from 'node:net'
import type { SubmitEntry } from '../smsc/submit-log.ts'
import { expectedAuthenticator, type Gateway } from './gateway.ts'
import { textOfPart } from './phone-text.ts'
import {
  ANSWER,
  COMMAND,
  type Head,
  readConnect,
  readDeliverAnswer,
  readHead,
  readSubmit,
  type Submit,
  type Version,
} from './read-pdu.ts'
import { connectAnswer, type Delivery, deliver, frame, report, submitAnswer } from './write-pdu.ts'

const STATUS = { ok: 0, format: 1, source: 2, secret: 3, version: 4 } as const
const RESULT = { ok: 0, format: 1, feeCode: 5, flow: 8, other: 9 } as const
const GARBAGE = Buffer.from('ffffffff00000000dead', 'hex')
const EMPTY = Buffer.alloc(0)
const ASCII_BYTES_MAX = 159
const BYTES_MAX = 140
const ASCII = 0
const MD5_ZEROES = Buffer.alloc(16)

type Session = {
  readonly gateway: Gateway
  readonly socket: Socket
  version: Version
  source: string | null
  sequence: number
  readonly offered: Map<number, (isTaken: boolean) => void>
}

/** What takes the PDUs of one connection, in order. */
export function createSession(gateway: Gateway, socket: Socket): (pdu: Buffer) => void {
  const session: Session = {
    gateway,
    socket,
    version: '2.0',
    source: null,
    sequence: 0,
    offered: new Map(),
  }
  return (pdu) => take(session, pdu)
}

function take(session: Session, pdu: Buffer): void {
  const head = readHead(pdu)
  if (head.command === COMMAND.connect) {
    onConnect(session, pdu, head)
    return
  }
  // Before it has said who it is, nobody is listened to.
  if (session.source === null) {
    session.socket.destroy()
    return
  }
  switch (head.command) {
    case COMMAND.submit:
      onSubmit(session, pdu, head)
      return
    case COMMAND.activeTest:
      if (!session.gateway.faults.get().isDeaf)
        session.socket.write(frame(ANSWER + COMMAND.activeTest, head.sequence, Buffer.from([0])))
      return
    case ANSWER + COMMAND.deliver: {
      const answer = readDeliverAnswer(pdu, session.version)
      session.offered.get(head.sequence)?.(answer?.result === RESULT.ok)
      return
    }
    case COMMAND.terminate:
      session.socket.end(frame(ANSWER + COMMAND.terminate, head.sequence, EMPTY))
      return
    default:
      return
  }
}

function onConnect(session: Session, pdu: Buffer, { sequence }: Head): void {
  const { gateway, socket } = session
  const { faults, options } = gateway
  const asked = readConnect(pdu)
  const version = asked !== null && asked.version >= 0x30 ? '3.0' : '2.0'
  const status = asked === null ? STATUS.format : statusOf(gateway, asked)
  const isWrong = faults.take('wrongAuthenticatorNext')
  const secret = isWrong ? `${options.secret} of another` : options.secret
  const source = asked?.authenticator ?? MD5_ZEROES
  socket.write(connectAnswer(sequence, { version, status, source, secret }))
  if (status !== STATUS.ok || asked === null) {
    socket.end()
    return
  }
  session.version = version
  session.source = asked.source
  gateway.bound.add(socket)
  socket.on('close', () => gateway.bound.delete(socket))
  gateway.deliveries.attach({
    offer: (delivery, answered) => offer(session, delivery, answered),
    onClose: (closed) => socket.on('close', closed),
  })
}

type Asked = NonNullable<ReturnType<typeof readConnect>>

function statusOf({ faults, options }: Gateway, asked: Asked): number {
  if (options.source !== undefined && options.source !== asked.source) return STATUS.source
  const expected = expectedAuthenticator(asked.source, options.secret, asked.timestamp)
  if (faults.take('refuseConnectNext') || !expected.equals(asked.authenticator)) {
    return STATUS.secret
  }
  const highest = options.version === '2.0' ? 0x20 : 0x30
  return asked.version > highest ? STATUS.version : STATUS.ok
}

function offer(
  session: Session,
  delivery: Delivery,
  answered: (isTaken: boolean) => void,
): boolean {
  if (!session.socket.writable) return false
  session.sequence += 1
  const { sequence } = session
  session.offered.set(sequence, (isTaken) => {
    session.offered.delete(sequence)
    answered(isTaken)
  })
  session.socket.write(deliver(sequence, delivery, session.version))
  return true
}

function onSubmit(session: Session, pdu: Buffer, head: Head): void {
  const { gateway, socket } = session
  const { faults } = gateway
  const submit = readSubmit(pdu, session.version)
  const refusal = refusalOf(session, submit)
  if (refusal !== null || submit === null) {
    answer(session, head, { messageId: 0n, result: refusal ?? RESULT.format })
    return
  }
  if (faults.take('dropBeforeNext')) {
    socket.destroy()
    return
  }
  const messageId = gateway.nextId()
  const entries = accept(session, submit, messageId)
  const tellReport = (): void => {
    for (const entry of entries) sendReport(session, entry, messageId)
  }
  const { isReceiptFirst, receiptDelayMs } = faults.get()
  if (isReceiptFirst) tellReport()
  answerAccepted(session, head, messageId)
  for (const entry of entries) showMessage(gateway, entry, submit)
  if (!isReceiptFirst) later(receiptDelayMs, tellReport)
}

function answerAccepted(session: Session, head: Head, messageId: bigint): void {
  const { faults } = session.gateway
  const { socket, version } = session
  if (faults.take('dropAfterNext')) socket.destroy()
  else if (faults.take('garbageNext')) socket.write(GARBAGE)
  else if (faults.take('halfAnswerNext')) {
    const whole = submitAnswer(head.sequence, { version, messageId, result: RESULT.ok })
    socket.end(whole.subarray(0, whole.length / 2))
  } else if (!faults.take('silentNext')) answer(session, head, { messageId, result: RESULT.ok })
}

/** The result with which a submit is refused; null to accept it. */
function refusalOf({ gateway, source }: Session, submit: Submit | null): number | null {
  if (submit === null || submit.source !== source) return RESULT.format
  const { faults, options } = gateway
  if (faults.take('flowControlNext')) return RESULT.flow
  if (faults.take('rejectNext')) return RESULT.other
  if (submit.content.length > (submit.format === ASCII ? ASCII_BYTES_MAX : BYTES_MAX)) {
    return RESULT.format
  }
  if (!submit.from.startsWith(options.numberPrefix ?? '106')) return RESULT.format
  return submit.feeType === '01' ? null : RESULT.feeCode
}

function answer(
  { gateway, socket, version }: Session,
  { sequence }: Head,
  given: { readonly messageId: bigint; readonly result: number },
): void {
  const { slowMs, isAnswerDoubled } = gateway.faults.get()
  later(slowMs, () => {
    if (!socket.writable) return
    const bytes = submitAnswer(sequence, { version, ...given })
    socket.write(bytes)
    if (isAnswerDoubled) socket.write(bytes)
  })
}

function accept(session: Session, submit: Submit, messageId: bigint): readonly SubmitEntry[] {
  const { content, hasHeader, total, number } = submit
  const headerBytes = hasHeader ? 1 + (content[0] ?? 0) : 0
  const reference = hasHeader ? (content[3] ?? 0) : 0
  const text = textOfPart(content.subarray(headerBytes), submit.format)
  return submit.to.map((to) => {
    const entry: SubmitEntry = {
      at: session.gateway.options.clock.now(),
      messageId: messageId.toString(),
      systemId: session.source ?? '',
      from: submit.from,
      to,
      text,
      dataCoding: submit.format,
      reference: hasHeader ? reference : null,
      part: total > 1 ? { ref: reference, total, seq: number } : null,
      isReceiptAsked: submit.isReceiptAsked,
    }
    session.gateway.log.add(entry)
    return entry
  })
}

function showMessage({ options, assemble }: Gateway, entry: SubmitEntry, submit: Submit): void {
  if (options.isDead?.(entry.to) === true) return
  const header = entry.part ?? { ref: 0, total: 1, seq: 1 }
  const whole = assemble(`${submit.from} ${entry.to}`, header, entry.text)
  if (whole !== null) options.onMessage?.({ from: entry.from, to: entry.to, ...whole })
}

function sendReport({ gateway, version }: Session, entry: SubmitEntry, messageId: bigint): void {
  if (!entry.isReceiptAsked) return
  const { faults, options, deliveries } = gateway
  const { isReceiptDoubled, receiptState } = faults.get()
  const state = options.isDead?.(entry.to) === true ? 'UNDELIV' : receiptState
  const minute = minuteOf(gateway.now())
  const given = { messageId, state, submitted: minute, done: minute, to: entry.to, sequence: 1 }
  const delivery: Delivery = {
    messageId: gateway.nextId(),
    to: entry.from,
    from: entry.to,
    hasHeader: false,
    format: ASCII,
    isReport: true,
    content: report(given, version),
  }
  deliveries.add(delivery)
  if (isReceiptDoubled) deliveries.add(delivery)
}

/** `YYMMDDHHMM`. */
function minuteOf(local: Temporal.ZonedDateTime): string {
  return local.toString().replace(/[-T:]/g, '').slice(2, 12)
}

/** At once when there is nothing to wait for, so that a fast client meets no timer. */
function later(ms: number, work: () => void): void {
  if (ms <= 0) work()
  else setTimeout(work, ms).unref()
}
