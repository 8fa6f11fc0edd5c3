import type { Clock } from '@dunlin/kernel'
import type { PduFields } from 'smpp'
import type { Channel, ProviderAccount, SendResult } from '../channel.ts'
import type { Permit } from '../permit.ts'
import { answerMessageId, type ReceiptId } from './parse-receipt.ts'
import type { SmppLink, SubmitAnswer } from './smpp-link.ts'
import { permitReference, submitFields } from './submit-fields.ts'
import { createSubmitPacer, type SubmitPacer } from './submit-pacer.ts'

export type SmsChannelOptions = {
  readonly account: ProviderAccount
  readonly link: SmppLink
  readonly clock: Clock
}

const THROTTLED = 0x58
const QUEUE_FULL = 0x14

type Sender = SmsChannelOptions & { readonly pacer: SubmitPacer }

/** SMS over SMPP 3.4. A part that the provider refused for slowness is offered again; a lost one never is. */
export function createSmsChannel(options: SmsChannelOptions): Channel {
  const { account, link } = options
  const sender: Sender = { ...options, pacer: createSubmitPacer(link.settings) }
  return {
    name: 'sms',
    account,
    window: link.settings.window,
    send: (permits) => Promise.all(permits.map((permit) => sendOne(sender, permit))),
    close: link.close,
  }
}

async function sendOne(sender: Sender, permit: Permit): Promise<SendResult> {
  const { permitId } = permit
  const parts = partsOf(sender, permit)
  if (parts === null) {
    return { permitId, fate: 'rejected', code: 'sms.too_long', detail: 'needs too many parts' }
  }
  const answers = await Promise.all(parts.map((fields) => submitPart(sender, { permit, fields })))
  return { permitId, ...combine(answers, sender.link.settings.receiptId) }
}

function partsOf({ link }: Sender, permit: Permit): readonly PduFields[] | null {
  try {
    return submitFields({
      settings: link.settings,
      address: permit.address.reveal(),
      text: permit.content.text,
      reference: permitReference(permit.permitId),
    })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Offers one part until it is answered with more than «slower», within the throttle limit and the permit's time. */
async function submitPart(
  sender: Sender,
  part: { readonly permit: Permit; readonly fields: PduFields },
): Promise<SubmitAnswer> {
  const { link, pacer, clock } = sender
  const { throttlesMax, connectWaitMs } = link.settings
  for (let throttles = 0; throttles <= throttlesMax; throttles += 1) {
    const answer = await pacer.run(async (): Promise<SubmitAnswer> => {
      await link.whenBound(connectWaitMs)
      if (clock.now() >= part.permit.expiresAt) {
        return { kind: 'not-written', detail: 'the permit has expired' }
      }
      return link.submit(part.fields)
    })
    if (!isThrottled(answer)) {
      if (answer.kind === 'accepted') pacer.speedUp()
      return answer
    }
    pacer.slowDown()
  }
  return { kind: 'not-written', detail: `the provider throttled it ${throttlesMax + 1} times` }
}

function isThrottled(answer: SubmitAnswer): boolean {
  return answer.kind === 'refused' && (answer.status === THROTTLED || answer.status === QUEUE_FULL)
}

type Fate = SendResult extends infer R
  ? R extends SendResult
    ? Omit<R, 'permitId'>
    : never
  : never

/**
 * The fate of a message from the fates of its parts. One part that may have arrived makes a message that
 * is not wholly accepted `unknown`: the person may have read some of it.
 */
function combine(answers: readonly SubmitAnswer[], receiptId: ReceiptId): Fate {
  const last = answers.at(-1)
  if (answers.every(({ kind }) => kind === 'accepted') && last?.kind === 'accepted') {
    const providerMessageId = answerMessageId(last.messageId, receiptId)
    return { fate: 'accepted', providerMessageId, parts: answers.length }
  }
  const details = answers.map(describe).join('; ')
  if (answers.some(({ kind }) => kind === 'accepted' || kind === 'unknown')) {
    return { fate: 'unknown', detail: details }
  }
  const refusal = answers.find((answer) => answer.kind === 'refused')
  return refusal === undefined
    ? { fate: 'not-sent', detail: details }
    : { fate: 'rejected', code: `smpp.${hex(refusal.status)}`, detail: details }
}

function describe(answer: SubmitAnswer): string {
  switch (answer.kind) {
    case 'accepted':
      return 'accepted'
    case 'refused':
      return `refused with status ${hex(answer.status)}`
    case 'unknown':
    case 'not-written':
      return answer.detail
  }
}

function hex(status: number): string {
  return `0x${status.toString(16).padStart(2, '0')}`
}
