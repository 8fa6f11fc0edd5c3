import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { SubmitLog } from '../smsc/submit-log.ts'
import { createGateway, type Gateway, type IsmgOptions } from './gateway.ts'
import type { IsmgMisbehaviour } from './misbehaviour.ts'
import { phoneParts } from './phone-text.ts'
import { firstPdu } from './read-pdu.ts'
import { createSession } from './session.ts'

/** An operator's gateway (ISMG) that speaks CMPP 2.0 and 3.0 over TCP on the loopback address. */
export type Ismg = {
  readonly port: number
  readonly log: SubmitLog
  readonly misbehave: (change: Partial<IsmgMisbehaviour>) => void
  readonly misbehaviour: () => IsmgMisbehaviour
  /** A phone writes; `format` and `content` give its bytes as they are. */
  readonly sendFromPhone: (message: {
    readonly from: string
    readonly to: string
    readonly text: string
    readonly gbk?: Buffer
  }) => void
  readonly undelivered: () => number
  readonly bound: () => number
  readonly dropConnections: () => void
  readonly close: () => Promise<void>
}

const UCS2 = 8
const GBK = 15

export async function startIsmg(options: IsmgOptions): Promise<Ismg> {
  const gateway = createGateway(options)
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    serve(gateway, socket)
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the ISMG has no TCP port')
  let reference = 0
  return {
    port: address.port,
    log: gateway.log,
    misbehave: gateway.faults.set,
    misbehaviour: gateway.faults.get,
    sendFromPhone: ({ from, to, text, gbk }) => {
      reference = (reference + 1) % 256
      const parts =
        gbk === undefined ? phoneParts(text, reference) : [{ hasHeader: false, content: gbk }]
      const format = gbk === undefined ? UCS2 : GBK
      for (const part of parts) {
        const common = { messageId: gateway.nextId(), from, to, format, isReport: false }
        gateway.deliveries.add({ ...common, ...part })
      }
    },
    undelivered: gateway.deliveries.waiting,
    bound: () => gateway.bound.size,
    dropConnections: () => {
      for (const socket of sockets) socket.destroy()
    },
    close: async () => {
      gateway.deliveries.close()
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

function serve(gateway: Gateway, socket: Socket): void {
  const session = createSession(gateway, socket)
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    try {
      for (let pdu = firstPdu(rest); pdu !== null; pdu = firstPdu(rest)) {
        rest = rest.subarray(pdu.length)
        session(pdu)
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      socket.destroy()
    }
  })
}
