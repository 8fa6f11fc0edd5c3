import type { Clock } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import type { Channel, ProviderAccount, SendResult } from '../channel.ts'
import type { Permit } from '../permit.ts'
import { parseAddress, type WecomAddress } from './address.ts'
import type { ApiAnswer, WecomApi } from './api-client.ts'
import { addMassTask, sendKfText, sendKfWelcome, sendWelcome } from './calls.ts'
import { TEXT_BYTES_MAX, type WecomSettings } from './wecom-settings.ts'
import { endTask, insertTask, noteTaskMade, takeWelcomeCode } from './wecom-store.ts'

export type WecomChannelOptions = {
  readonly account: ProviderAccount
  readonly settings: WecomSettings
  readonly api: WecomApi
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
}

/**
 * The three ways out that WeCom has: a task that a member confirms, an answer through a customer-service
 * account, and one welcome. `accepted` for a task means that it lies with the member, not that it was sent:
 * the receipt tells.
 */
export function createWecomChannel(options: WecomChannelOptions): Channel {
  const { account, settings } = options
  return {
    name: 'wecom',
    account,
    window: settings.window,
    countParts: () => 1,
    send: (permits) => inLanes(permits, settings.window, (permit) => sendOne(options, permit)),
    close: async () => undefined,
  }
}

/** Works on at most `lanes` at a time; results in the order of the items. */
async function inLanes<T, R>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>()
  const waiting = items.entries()
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) results.set(index, await work(item))
  }
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane))
  return items.flatMap((_, index) => {
    const result = results.get(index)
    return result === undefined ? [] : [result]
  })
}

async function sendOne(options: WecomChannelOptions, permit: Permit): Promise<SendResult> {
  const { permitId } = permit
  if (options.clock.now() >= permit.expiresAt) {
    return { permitId, fate: 'not-sent', detail: 'the permit has expired' }
  }
  const address = parseAddress(permit.address.reveal())
  if (address === null) {
    return { permitId, fate: 'rejected', code: 'wecom.address', detail: 'no address of WeCom' }
  }
  const way = permit.via === 'chat' ? 'welcome' : address.via
  const bytesMax = Math.min(TEXT_BYTES_MAX[way], TEXT_BYTES_MAX[address.via])
  if (Buffer.byteLength(permit.content.text) > bytesMax) {
    return { permitId, fate: 'rejected', code: 'wecom.too_long', detail: 'the text is too long' }
  }
  switch (way) {
    case 'kf':
      return sendByKf(options, permit, address)
    case 'mass':
      return sendAsTask(options, permit, address)
    case 'welcome':
      return welcome(options, permit, address)
  }
}

async function sendByKf(
  { api }: WecomChannelOptions,
  permit: Permit,
  { through, externalUserid }: WecomAddress,
): Promise<SendResult> {
  // 32 characters: what the vendor's idempotency key has room for.
  const msgid = permit.permitId.replaceAll('-', '')
  const text = permit.content.text
  const answer = await sendKfText(api, { openKfid: through, externalUserid, msgid, text })
  return toResult(permit, answer, () => msgid)
}

async function sendAsTask(
  { api, db, sealer, account, clock }: WecomChannelOptions,
  permit: Permit,
  { through: sender, externalUserid }: WecomAddress,
): Promise<SendResult> {
  const { permitId, borrowerId } = permit
  await insertTask(db, {
    permitId,
    accountId: account.accountId,
    borrowerId,
    sender,
    sealedReceiver: sealer.seal(externalUserid),
    madeAt: clock.now(),
    confirmUntil: permit.expiresAt,
  })
  const answer = await addMassTask(api, { sender, externalUserid, text: permit.content.text })
  if (answer.kind === 'ok' && !(answer.value.fail_list ?? []).includes(externalUserid)) {
    await noteTaskMade(db, permitId, answer.value.msgid)
  } else if (answer.kind !== 'unknown') await endTask(db, permitId, 'failed')
  if (answer.kind === 'ok' && answer.value.fail_list?.includes(externalUserid) === true) {
    return { permitId, fate: 'rejected', code: 'wecom.no_contact', detail: 'not a contact' }
  }
  return toResult(permit, answer, ({ msgid }) => msgid)
}

async function welcome(
  { api, db, sealer, clock }: WecomChannelOptions,
  permit: Permit,
  address: WecomAddress,
): Promise<SendResult> {
  const { permitId, borrowerId } = permit
  const pointHash = sealer.hash('wecom', permit.address.reveal())
  const sealed = await takeWelcomeCode(db, { borrowerId, pointHash, at: clock.now() })
  if (sealed === null) {
    const detail = 'the welcome code has ended or was used'
    return { permitId, fate: 'rejected', code: 'wecom.welcome_over', detail }
  }
  const said = { code: sealer.open(sealed), text: permit.content.text }
  const msgid = permitId.replaceAll('-', '')
  const answer =
    address.via === 'kf'
      ? await sendKfWelcome(api, { ...said, msgid })
      : await sendWelcome(api, said)
  return toResult(permit, answer, () => (address.via === 'kf' ? msgid : permitId))
}

function toResult<T>(
  { permitId }: Permit,
  answer: ApiAnswer<T>,
  idOf: (value: T) => string,
): SendResult {
  switch (answer.kind) {
    case 'ok':
      return { permitId, fate: 'accepted', providerMessageId: idOf(answer.value), parts: 1 }
    case 'refused':
      return {
        permitId,
        fate: 'rejected',
        code: `wecom.${answer.code}`,
        detail: answer.detail,
      }
    case 'unknown':
      return { permitId, fate: 'unknown', detail: answer.detail }
    case 'not-sent':
      return { permitId, fate: 'not-sent', detail: answer.detail }
  }
}
