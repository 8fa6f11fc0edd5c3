import { once } from 'node:events'
import { Secret } from '@dunlin/kernel'
import { connect } from 'smpp'
import { receiveSms } from '../../server/src/channels/sms/receive.ts'
import { createSmsChannel } from '../../server/src/channels/sms/send.ts'
import { openSmppLink } from '../../server/src/channels/sms/smpp-link.ts'
import { smppSettings } from '../../server/src/channels/sms/smpp-settings.ts'
import type { BenchLine } from './bench-line.ts'
import { countReceipts, measureChannel, NOW, textOf, WINDOW, withCentre } from './carrier.ts'
import { measureCmpp, measureRawCmpp } from './channels-cmpp.ts'

const MESSAGES = 60_000
const BAR = 5000

/** Submits a second over SMPP and CMPP with their receipts taken, each beside a bare client of its protocol. */
export async function benchChannels({ quick }: { quick: boolean }): Promise<BenchLine[]> {
  const messages = quick ? MESSAGES / 10 : MESSAGES
  const smpp = await withCentre('smpp', (port) => measureSmpp(port, messages))
  const bareSmpp = await withCentre('smpp', (port) => measureBareSmpp(port, messages))
  const cmpp = await withCentre('cmpp', (port) => measureCmpp(port, messages))
  const rawCmpp = await withCentre('cmpp', (port) => measureRawCmpp(port, messages))
  return [
    lineOf('channels', smpp, {
      peer: 'bare smpp client, same window, receipts acknowledged unread',
      value: bareSmpp,
    }),
    lineOf('channels cmpp', cmpp, {
      peer: 'ready-made CMPP bytes over a socket, same window, reports answered unread',
      value: rawCmpp,
    }),
  ]
}

function lineOf(
  name: string,
  ours: number,
  floor: { readonly peer: string; readonly value: number },
): BenchLine {
  return {
    name,
    value: Math.round(ours),
    unit: 'submits/s with receipts',
    peer: floor.peer,
    peerValue: Math.round(floor.value),
    ratio: ours / floor.value,
    bar: `>= ${BAR} 1/s`,
    met: ours >= BAR,
  }
}

async function measureSmpp(port: number, messages: number): Promise<number> {
  const clock = { now: () => NOW }
  const settings = smppSettings.parse({
    ...{ host: '127.0.0.1', port, systemId: 'bench', sourceAddress: '106900001', window: WINDOW },
  })
  const link = openSmppLink({ settings, password: new Secret('bench') })
  const { handlers, all } = countReceipts(messages)
  receiveSms({ accountId: '1', link, clock, handlers })
  await link.whenBound(settings.connectWaitMs)
  const account = { accountId: '1', name: 'bench', collectionContent: true }
  return measureChannel(createSmsChannel({ account, link, clock }), { messages, all })
}

async function measureBareSmpp(port: number, messages: number): Promise<number> {
  const session = connect({ host: '127.0.0.1', port })
  await once(session, 'connect')
  await new Promise((bound) => {
    session.bind_transceiver({ system_id: 'bench', password: 'bench' }, bound)
  })
  const all = Promise.withResolvers<void>()
  let [sent, receipts] = [0, 0]
  const submitNext = (): void => {
    if (sent >= messages) return
    const text = textOf(sent)
    sent += 1
    const fields = {
      source_addr: '106900001',
      destination_addr: '8619900000000',
      registered_delivery: 1,
      data_coding: 8,
      short_message: text,
    }
    session.submit_sm(fields, submitNext)
  }
  session.on('deliver_sm', (pdu) => {
    session.send(pdu.response())
    receipts += 1
    if (receipts >= messages) all.resolve()
  })
  const started = performance.now()
  for (let count = 0; count < WINDOW; count += 1) submitNext()
  await all.promise
  const seconds = (performance.now() - started) / 1000
  session.destroy()
  return messages / seconds
}
