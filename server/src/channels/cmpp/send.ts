import type { Clock } from '@dunlin/kernel'
import type { Channel, ProviderAccount } from '../channel.ts'
import { createPartChannel } from '../sms/send-parts.ts'
import { permitReference } from '../sms/submit-fields.ts'
import type { CmppLink } from './cmpp-link.ts'
import { countParts, submitParts } from './submit-parts.ts'

/** Result of a submit_resp that only asks for slowness. */
const FLOW_CONTROL = 8

/** SMS over CMPP 2.0 or 3.0, through the lender's own 106 number. */
export function createCmppChannel(options: {
  readonly account: ProviderAccount
  readonly link: CmppLink
  readonly clock: Clock
}): Channel {
  const { settings } = options.link
  return createPartChannel({
    ...options,
    limits: settings,
    protocol: {
      name: 'cmpp',
      countParts: (text) => countParts(text, settings.alphabet),
      partsOf: (permit) =>
        submitParts({
          settings,
          address: permit.address.reveal(),
          text: permit.content.text,
          reference: permitReference(permit.permitId),
        }),
      isThrottle: (status) => status === FLOW_CONTROL,
      messageId: (id) => id,
    },
  })
}
