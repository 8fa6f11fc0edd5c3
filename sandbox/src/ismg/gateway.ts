import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Clock } from '@dunlin/kernel'
import { createFaults, type Faults } from '../control/faults.ts'
import { createDeliveries, type Deliveries } from '../smsc/deliveries.ts'
import { type Assembler, createAssembler } from '../smsc/reassemble.ts'
import { createSubmitLog, type SubmitLog } from '../smsc/submit-log.ts'
import { ISMG_BEHAVED, type IsmgMisbehaviour } from './misbehaviour.ts'
import type { Version } from './read-pdu.ts'
import { type Delivery, makeMessageId } from './write-pdu.ts'

export type IsmgOptions = {
  readonly port: number
  readonly clock: Clock
  /** Without it, any SP may connect. */
  readonly source?: string
  readonly secret: string
  /** The highest version that is spoken; an SP that asks for more is refused with status 4. */
  readonly version?: Version
  /** Access numbers begin so; others are refused. */
  readonly numberPrefix?: string
  readonly isDead?: (address: string) => boolean
  /** A whole message, its parts put together, as the phone shows it. */
  readonly onMessage?: (message: {
    readonly from: string
    readonly to: string
    readonly text: string
    readonly parts: number
  }) => void
}

/** What the sessions of a gateway share. */
export type Gateway = {
  readonly options: IsmgOptions
  readonly faults: Faults<IsmgMisbehaviour>
  readonly log: SubmitLog
  readonly deliveries: Deliveries<Delivery>
  readonly assemble: Assembler
  readonly bound: Set<Socket>
  readonly nextId: () => bigint
  readonly now: () => Temporal.ZonedDateTime
}

const GATEWAY_NUMBER = 1
const ZONE = 'Asia/Shanghai'

export function createGateway(options: IsmgOptions): Gateway {
  let sequence = 0
  const now = (): Temporal.ZonedDateTime =>
    Temporal.Instant.fromEpochMilliseconds(options.clock.now()).toZonedDateTimeISO(ZONE)
  return {
    options,
    faults: createFaults(ISMG_BEHAVED),
    log: createSubmitLog(),
    deliveries: createDeliveries(),
    assemble: createAssembler(),
    bound: new Set(),
    nextId: () => {
      sequence += 1
      // The sequence runs over into the gateway's own bits, so that a fast day repeats no id.
      return makeMessageId(now(), GATEWAY_NUMBER + Math.floor(sequence / 65_536), sequence % 65_536)
    },
    now,
  }
}

/** MD5 of source, nine NUL, secret and the ten digits of the timestamp. */
export function expectedAuthenticator(source: string, secret: string, timestamp: number): Buffer {
  const digits = String(timestamp).padStart(10, '0')
  return createHash('md5')
    .update(`${source}${'\0'.repeat(9)}${secret}${digits}`)
    .digest()
}
