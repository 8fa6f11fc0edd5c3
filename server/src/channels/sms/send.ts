import type { Clock } from '@dunlin/kernel'
import type { Channel, ProviderAccount } from '../channel.ts'
import { answerMessageId } from './parse-receipt.ts'
import { segmentText } from './segment-text.ts'
import { createPartChannel } from './send-parts.ts'
import type { SmppLink } from './smpp-link.ts'
import { permitReference, submitFields } from './submit-fields.ts'

export type SmsChannelOptions = {
  readonly account: ProviderAccount
  readonly link: SmppLink
  readonly clock: Clock
}

const THROTTLED = 0x58
const QUEUE_FULL = 0x14

/** SMS over SMPP 3.4. */
export function createSmsChannel({ account, link, clock }: SmsChannelOptions): Channel {
  const { settings } = link
  return createPartChannel({
    account,
    link,
    clock,
    limits: settings,
    protocol: {
      name: 'smpp',
      countParts: (text) => segmentText(text, settings.alphabet).parts.length,
      partsOf: (permit) =>
        submitFields({
          settings,
          address: permit.address.reveal(),
          text: permit.content.text,
          reference: permitReference(permit.permitId),
        }),
      isThrottle: (status) => status === THROTTLED || status === QUEUE_FULL,
      messageId: (id) => answerMessageId(id, settings.receiptId),
    },
  })
}
