/**
 * Thin types for the npm package `smpp`, which ships none. Only what we use, and honest about what a
 * stranger's bytes can leave out: every field of a received PDU may be absent. Shared with the sandbox.
 */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events'
  import type { Server as NetServer, Socket } from 'node:net'

  /** Received: text decoded by data_coding (or bytes when it has no text), and the header elements. */
  export type ShortMessage = {
    readonly message?: string | Buffer
    readonly udh?: readonly Buffer[]
  }

  export type Pdu = {
    readonly command: string
    readonly command_id: number
    readonly command_status: number
    readonly sequence_number: number
    readonly system_id?: string
    readonly password?: string
    readonly message_id?: string
    readonly source_addr?: string
    readonly destination_addr?: string
    readonly esm_class?: number
    readonly data_coding?: number
    readonly registered_delivery?: number
    readonly short_message?: ShortMessage
    readonly message_payload?: ShortMessage
    readonly user_message_reference?: number
    readonly receipted_message_id?: string
    readonly message_state?: number
    readonly sar_msg_ref_num?: number
    readonly sar_total_segments?: number
    readonly sar_segment_seqnum?: number
    isResponse(): boolean
    response(fields?: PduFields): Pdu
  }

  /** Fields to send. A message given as bytes is sent as it is; its header bit is then ours to set. */
  export type PduFields = Readonly<Record<string, string | number | Buffer>>

  export type Session = EventEmitter & {
    readonly socket: Socket
    send(pdu: Pdu, onResponse?: (answer: Pdu) => void, onSent?: (pdu: Pdu) => void): boolean
    bind_transceiver(fields: PduFields, onResponse: (answer: Pdu) => void): boolean
    bind_transmitter(fields: PduFields, onResponse: (answer: Pdu) => void): boolean
    submit_sm(fields: PduFields, onResponse: (answer: Pdu) => void): boolean
    deliver_sm(fields: PduFields, onResponse: (answer: Pdu) => void): boolean
    enquire_link(fields: PduFields, onResponse: (answer: Pdu) => void): boolean
    unbind(fields: PduFields, onResponse: (answer: Pdu) => void): boolean
    close(): void
    destroy(): void
  }

  export type ConnectOptions = {
    readonly host: string
    readonly port: number
    readonly tls?: boolean
    readonly servername?: string
    readonly rejectUnauthorized?: boolean
  }

  export function connect(options: ConnectOptions): Session
  export function createServer(onSession: (session: Session) => void): NetServer
}
