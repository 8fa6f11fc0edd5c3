import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Clock } from '@dunlin/kernel'
import { createServer, type Pdu, type PduFields, type Session } from 'smpp'
import { createFaults, type Faults } from '../control/faults.ts'
import { createDeliveries, type Deliveries, type DeliverySession } from './deliveries.ts'
import { BEHAVED, type Misbehaviour } from './misbehaviour.ts'
import { phoneMessageParts } from './phone-message.ts'
import { type Assembler, createAssembler, partHeader, textOf } from './reassemble.ts'
import { messageState, receiptText } from './receipt-text.ts'
import { createSubmitLog, type SubmitEntry, type SubmitLog } from './submit-log.ts'

export type SmscOptions = {
  readonly port: number
  readonly clock: Clock
  readonly systemId?: string
  readonly password?: string
  /** A number that nobody has: receipts say UNDELIV and nothing is shown. */
  readonly isDead?: (address: string) => boolean
  /** A whole message, its parts put together, as the phone shows it. */
  readonly onMessage?: (message: PhoneMessage) => void
}

export type PhoneMessage = {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly parts: number
}

/** A short message centre that speaks SMPP 3.4 over TCP on the loopback address. */
export type Smsc = {
  readonly port: number
  readonly log: SubmitLog
  readonly misbehave: (change: Partial<Misbehaviour>) => void
  readonly misbehaviour: () => Misbehaviour
  /** A phone writes: `deliver_sm`, in parts when long, offered until acknowledged. */
  readonly sendFromPhone: (message: {
    readonly from: string
    readonly to: string
    readonly text: string
  }) => void
  readonly undelivered: () => number
  readonly bound: () => number
  readonly dropConnections: () => void
  readonly close: () => Promise<void>
}

const OK = 0
const BIND_FAILED = 0x0d
const NOT_BOUND = 0x04
const THROTTLED = 0x58
const QUEUE_FULL = 0x14
const SUBMIT_FAILED = 0x45
const RECEIPT = 0x04
const GARBAGE = Buffer.from('ffffffff00000000dead', 'hex')

type Centre = {
  readonly options: SmscOptions
  readonly faults: Faults<Misbehaviour>
  readonly log: SubmitLog
  readonly deliveries: Deliveries<PduFields>
  readonly assemble: Assembler
  readonly sessions: Set<Session>
  nextId: number
  nextReference: number
}

export async function startSmsc(options: SmscOptions): Promise<Smsc> {
  const centre: Centre = {
    options,
    faults: createFaults(BEHAVED),
    log: createSubmitLog(),
    deliveries: createDeliveries(),
    assemble: createAssembler(),
    sessions: new Set(),
    nextId: 0x1a2b3c00,
    nextReference: 0,
  }
  const server = createServer((session) => serve(centre, session))
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: portOf(server.address()),
    log: centre.log,
    misbehave: centre.faults.set,
    misbehaviour: centre.faults.get,
    sendFromPhone: (message) => {
      centre.nextReference = (centre.nextReference + 1) % 256
      for (const part of phoneMessageParts({ ...message, reference: centre.nextReference })) {
        centre.deliveries.add(part)
      }
    },
    undelivered: centre.deliveries.waiting,
    bound: () => centre.sessions.size,
    dropConnections: () => {
      for (const session of centre.sessions) session.destroy()
    },
    close: async () => {
      centre.deliveries.close()
      for (const session of centre.sessions) session.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the SMSC has no TCP port')
  return address.port
}

function serve(centre: Centre, session: Session): void {
  let systemId: string | null = null
  centre.sessions.add(session)
  session.on('close', () => centre.sessions.delete(session))
  session.on('error', () => session.destroy())
  const onBind = (pdu: Pdu): void => {
    const isRefused = centre.faults.take('refuseBindNext') || !isKnown(centre.options, pdu)
    session.send(
      pdu.response(isRefused ? { command_status: BIND_FAILED } : { system_id: 'sandbox' }),
    )
    if (isRefused) {
      session.close()
      return
    }
    systemId = pdu.system_id ?? ''
    if (pdu.command !== 'bind_transmitter') centre.deliveries.attach(toDeliver(session))
  }
  session.on('bind_transceiver', onBind)
  session.on('bind_receiver', onBind)
  session.on('bind_transmitter', onBind)
  session.on('enquire_link', (pdu: Pdu) => session.send(pdu.response()))
  session.on('submit_sm', (pdu: Pdu) => {
    if (systemId === null) session.send(pdu.response({ command_status: NOT_BOUND }))
    else takeSubmit(centre, { session, systemId, pdu })
  })
  session.on('unknown', (pdu: Pdu) => session.send(pdu.response()))
  session.on('unbind', (pdu: Pdu) => {
    session.send(pdu.response())
    session.close()
  })
}

function toDeliver(session: Session): DeliverySession<PduFields> {
  return {
    offer: (fields, answered) =>
      session.deliver_sm({ ...fields }, (answer: Pdu) => answered(answer.command_status === 0)),
    onClose: (closed) => session.on('close', closed),
  }
}

function isKnown(options: SmscOptions, pdu: Pdu): boolean {
  const isSystem = options.systemId === undefined || options.systemId === pdu.system_id
  return isSystem && (options.password === undefined || options.password === pdu.password)
}

type Submit = { readonly session: Session; readonly systemId: string; readonly pdu: Pdu }

function takeSubmit(centre: Centre, submit: Submit): void {
  const { faults } = centre
  const { session } = submit
  const refusal = refusalOf(faults)
  if (refusal !== null) {
    answer(centre, submit, { command_status: refusal })
    return
  }
  if (faults.take('dropBeforeNext')) {
    session.destroy()
    return
  }
  const entry = accept(centre, submit)
  if (faults.take('dropAfterNext')) session.destroy()
  else if (faults.take('garbageNext')) session.socket.write(GARBAGE)
  else if (!faults.take('silentNext')) {
    const { isReceiptFirst } = faults.get()
    if (isReceiptFirst) sendReceipt(centre, entry)
    answer(centre, submit, { command_status: OK, message_id: entry.messageId })
    if (isReceiptFirst) {
      showMessage(centre, entry)
      return
    }
  }
  showMessage(centre, entry)
  later(faults.get().receiptDelayMs, () => sendReceipt(centre, entry))
}

/** The status with which the next submit is refused; null to accept it. */
function refusalOf(faults: Faults<Misbehaviour>): number | null {
  if (faults.take('throttleNext')) return THROTTLED
  if (faults.take('queueFullNext')) return QUEUE_FULL
  if (faults.take('rejectNext')) return SUBMIT_FAILED
  return null
}

function answer(
  centre: Centre,
  { session, pdu }: Submit,
  fields: Readonly<Record<string, string | number>>,
): void {
  const { slowMs, isAnswerDoubled } = centre.faults.get()
  later(slowMs, () => {
    session.send(pdu.response(fields))
    if (isAnswerDoubled) session.send(pdu.response(fields))
  })
}

function accept(centre: Centre, { systemId, pdu }: Submit): SubmitEntry {
  centre.nextId += 1
  const entry: SubmitEntry = {
    at: centre.options.clock.now(),
    messageId: centre.nextId.toString(16),
    systemId,
    from: pdu.source_addr ?? '',
    to: pdu.destination_addr ?? '',
    text: textOf(pdu),
    dataCoding: pdu.data_coding ?? 0,
    reference: pdu.user_message_reference ?? null,
    part: partHeader(pdu),
    isReceiptAsked: ((pdu.registered_delivery ?? 0) & 3) === 1,
  }
  centre.log.add(entry)
  return entry
}

function showMessage(centre: Centre, entry: SubmitEntry): void {
  if (centre.options.isDead?.(entry.to) === true) return
  const header = entry.part ?? { ref: 0, total: 1, seq: 1 }
  const whole = centre.assemble(`${entry.from} ${entry.to}`, header, entry.text)
  if (whole !== null) centre.options.onMessage?.({ from: entry.from, to: entry.to, ...whole })
}

function sendReceipt(centre: Centre, entry: SubmitEntry): void {
  if (!entry.isReceiptAsked) return
  const { receiptId, isReceiptDoubled, ...faults } = centre.faults.get()
  const receiptState = centre.options.isDead?.(entry.to) ? 'UNDELIV' : faults.receiptState
  const { messageId } = entry
  const id = receiptId === 'decimal' ? String(Number.parseInt(messageId, 16)) : messageId
  const at = centre.options.clock.now()
  const fields = {
    source_addr: entry.to,
    destination_addr: entry.from,
    esm_class: RECEIPT,
    data_coding: 0,
    receipted_message_id: id,
    message_state: messageState(receiptState),
    short_message: Buffer.from(receiptText({ id, state: receiptState, at, text: entry.text })),
  }
  centre.deliveries.add(fields)
  if (isReceiptDoubled) centre.deliveries.add(fields)
}

/** At once when there is nothing to wait for, so that a fast client meets no timer. */
function later(ms: number, work: () => void): void {
  if (ms <= 0) work()
  else setTimeout(work, ms).unref()
}
