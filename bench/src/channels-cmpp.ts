import { once } from 'node:events'
import { connect } from 'node:net'
import { Secret } from '@dunlin/kernel'
import {
  connectTimestamp,
  sourceAuthenticator,
} from '../../server/src/channels/cmpp/authenticator.ts'
import { openCmppLink } from '../../server/src/channels/cmpp/cmpp-link.ts'
import { cmppSettings } from '../../server/src/channels/cmpp/cmpp-settings.ts'
import { encodePdu } from '../../server/src/channels/cmpp/codec.ts'
import { receiveCmpp } from '../../server/src/channels/cmpp/receive.ts'
import { createCmppChannel } from '../../server/src/channels/cmpp/send.ts'
import { submitParts } from '../../server/src/channels/cmpp/submit-parts.ts'
import { countReceipts, measureChannel, NOW, textOf, WINDOW } from './carrier.ts'

const SOURCE = '901234'
const SECRET = 'bench'
const SUBMIT_ANSWER = 0x80000004
const DELIVER = 5
const DELIVER_ANSWER = 0x80000005

export async function measureCmpp(port: number, messages: number): Promise<number> {
  const clock = { now: () => NOW }
  const settings = settingsOf(port)
  const link = openCmppLink({ settings, password: new Secret(SECRET), clock })
  const { handlers, all } = countReceipts(messages)
  receiveCmpp({ accountId: '1', link, clock, handlers })
  await link.whenBound(settings.connectWaitMs)
  const account = { accountId: '1', name: 'bench', collectionContent: true }
  return measureChannel(createCmppChannel({ account, link, clock }), { messages, all })
}

/** Bytes made beforehand, only their sequence number is set; what comes back is looked at no further than its command. */
export async function measureRawCmpp(port: number, messages: number): Promise<number> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  socket.write(greeting())
  await once(socket, 'data')
  const [part] = submitParts({
    ...{ settings: settingsOf(port), address: '8619900000000', reference: 1, text: textOf(1) },
  })
  if (part === undefined) throw new Error('a text without parts')
  const ready = encodePdu({ command: 'submit', ...part }, 0, '2.0')
  const all = Promise.withResolvers<void>()
  let [sent, receipts] = [0, 0]
  const submitNext = (): void => {
    if (sent >= messages) return
    sent += 1
    const pdu = Buffer.from(ready)
    pdu.writeUInt32BE(sent, 8)
    socket.write(pdu)
  }
  let rest: Buffer = Buffer.alloc(0)
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk])
    while (rest.length >= 12 && rest.length >= rest.readUInt32BE()) {
      const pdu = rest.subarray(0, rest.readUInt32BE())
      rest = rest.subarray(pdu.length)
      const command = pdu.readUInt32BE(4)
      if (command === SUBMIT_ANSWER) submitNext()
      if (command !== DELIVER) continue
      const answer = Buffer.alloc(21)
      answer.writeUInt32BE(21)
      answer.writeUInt32BE(DELIVER_ANSWER, 4)
      pdu.copy(answer, 8, 8, 20)
      socket.write(answer)
      receipts += 1
      if (receipts >= messages) all.resolve()
    }
  })
  const started = performance.now()
  for (let count = 0; count < WINDOW; count += 1) submitNext()
  await all.promise
  const seconds = (performance.now() - started) / 1000
  socket.destroy()
  return messages / seconds
}

function settingsOf(port: number) {
  return cmppSettings.parse({
    ...{ host: '127.0.0.1', port, sourceAddress: SOURCE, accessNumber: '10690001', window: WINDOW },
  })
}

function greeting(): Buffer {
  const { digits, value: timestamp } = connectTimestamp(NOW)
  const authenticator = sourceAuthenticator({ sourceAddress: SOURCE, secret: SECRET, digits })
  const pdu = { command: 'connect', sourceAddress: SOURCE, authenticator, timestamp } as const
  return encodePdu(pdu, 1, '2.0')
}
