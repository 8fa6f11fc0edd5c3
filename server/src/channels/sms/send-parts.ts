import type { Clock } from '@dunlin/kernel'
import type { Channel, ProviderAccount, SendResult } from '../channel.ts'
import type { Permit } from '../permit.ts'
import type { PartLink, SubmitAnswer } from './part-link.ts'
import { createSubmitPacer, type SubmitPacer } from './submit-pacer.ts'

/** What one carrier protocol knows: how a text becomes parts, and what its answers mean. */
export type PartProtocol<F> = {
  /** Begins the code of a refusal: `smpp`, `cmpp`. */
  readonly name: string
  /** How many parts a text takes. Throws RangeError when it needs too many. */
  readonly countParts: (text: string) => number
  /** The parts of a permit's message in order. Throws RangeError when it needs too many. */
  readonly partsOf: (permit: Permit) => readonly F[]
  /** Whether a refusal only asks for slowness, so that the part was provably not taken. */
  readonly isThrottle: (status: number) => boolean
  /** The id of an answer in the form in which receipts are looked up. */
  readonly messageId: (id: string) => string
}

export type PartLimits = {
  /** Parts without an answer on one connection. */
  readonly window: number
  readonly connections: number
  readonly connectWaitMs: number
  readonly throttleFirstMs: number
  readonly throttleMaxMs: number
  readonly throttlesMax: number
}

export type PartChannelOptions<F, D> = {
  readonly account: ProviderAccount
  readonly link: PartLink<F, D>
  readonly clock: Clock
  readonly protocol: PartProtocol<F>
  readonly limits: PartLimits
}

type Sender<F, D> = PartChannelOptions<F, D> & { readonly pacer: SubmitPacer }

/** SMS by submitted parts. A part that was refused for slowness is offered again; a lost one never is. */
export function createPartChannel<F, D>(options: PartChannelOptions<F, D>): Channel {
  const { account, link, limits } = options
  const window = (): number => limits.window * Math.max(1, link.bound())
  const sender: Sender<F, D> = { ...options, pacer: createSubmitPacer({ ...limits, window }) }
  return {
    name: 'sms',
    account,
    window: limits.window * limits.connections,
    countParts: (text) => orNull(() => options.protocol.countParts(text)),
    send: (permits) => Promise.all(permits.map((permit) => sendOne(sender, permit))),
    close: link.close,
  }
}

async function sendOne<F, D>(sender: Sender<F, D>, permit: Permit): Promise<SendResult> {
  const { permitId } = permit
  const parts = orNull(() => sender.protocol.partsOf(permit))
  if (parts === null) {
    return { permitId, fate: 'rejected', code: 'sms.too_long', detail: 'needs too many parts' }
  }
  const answers = await Promise.all(parts.map((fields) => submitPart(sender, { permit, fields })))
  return { permitId, ...combine(answers, sender.protocol) }
}

/** null when the text needs too many parts. */
function orNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** Offers one part until it is answered with more than «slower», within the throttle limit and the permit's time. */
async function submitPart<F, D>(
  { link, pacer, clock, protocol, limits }: Sender<F, D>,
  part: { readonly permit: Permit; readonly fields: F },
): Promise<SubmitAnswer> {
  const { throttlesMax, connectWaitMs } = limits
  for (let throttles = 0; throttles <= throttlesMax; throttles += 1) {
    const answer = await pacer.run(async (): Promise<SubmitAnswer> => {
      await link.whenBound(connectWaitMs)
      if (clock.now() >= part.permit.expiresAt) {
        return { kind: 'not-written', detail: 'the permit has expired' }
      }
      return link.submit(part.fields)
    })
    if (answer.kind !== 'refused' || !protocol.isThrottle(answer.status)) {
      if (answer.kind === 'accepted') pacer.speedUp()
      return answer
    }
    pacer.slowDown()
  }
  return { kind: 'not-written', detail: `the provider throttled it ${throttlesMax + 1} times` }
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
function combine<F>(answers: readonly SubmitAnswer[], protocol: PartProtocol<F>): Fate {
  const last = answers.at(-1)
  if (answers.every(({ kind }) => kind === 'accepted') && last?.kind === 'accepted') {
    const providerMessageId = protocol.messageId(last.messageId)
    return { fate: 'accepted', providerMessageId, parts: answers.length }
  }
  const details = answers.map(describe).join('; ')
  if (answers.some(({ kind }) => kind === 'accepted' || kind === 'unknown')) {
    return { fate: 'unknown', detail: details }
  }
  const refusal = answers.find((answer) => answer.kind === 'refused')
  return refusal === undefined
    ? { fate: 'not-sent', detail: details }
    : { fate: 'rejected', code: `${protocol.name}.${hex(refusal.status)}`, detail: details }
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
