import { instant } from '@dunlin/kernel'
import type { InboundItem, ProviderReceipt } from '../inbound.ts'
import { formatAddress } from './address.ts'
import { type KfItem, syncKf } from './calls.ts'
import { lockKfCursor, moveKfCursor } from './kf-store.ts'
import type { WecomReceiver } from './receiver.ts'
import { WELCOME_LIFE_MS } from './wecom-settings.ts'

/** Pages read under one lock; the next callback or the sweep goes on from there. */
const PAGES_MAX = 50
const FROM_CUSTOMER = 3
const REJECTS = 10

/**
 * Reads what customers wrote to a customer-service account since the last time. The cursor's row lock makes
 * one consumer per account; the cursor moves only after everything before it is stored, so a crash reads
 * some of it again and the message ids keep it single.
 */
export async function syncKfAccount(
  receiver: WecomReceiver,
  { openKfid, token }: { readonly openKfid: string; readonly token: string },
): Promise<void> {
  const { db, accountId, clock } = receiver
  await db.transaction(async (tx) => {
    let cursor = await lockKfCursor(tx, { accountId, openKfid })
    for (let pages = 0; cursor !== null && pages < PAGES_MAX; pages += 1) {
      const page = await readPage(receiver, { openKfid, cursor, token })
      await moveKfCursor(tx, { accountId, openKfid, cursor: page.next, at: clock.now() })
      // A page may be empty and not the last.
      cursor = page.hasMore ? page.next : null
    }
  })
}

async function readPage(
  receiver: WecomReceiver,
  from: { readonly openKfid: string; readonly cursor: string; readonly token: string },
): Promise<{ readonly next: string; readonly hasMore: boolean }> {
  const answer = await syncKf(receiver.api, from)
  if (answer.kind !== 'ok') throw new Error(`kf messages: ${answer.detail}`)
  const { msg_list: items, next_cursor: next, has_more: hasMore } = answer.value
  for (const item of items) await handOver(receiver, from.openKfid, item)
  return { next: next === '' ? from.cursor : next, hasMore: hasMore === 1 }
}

async function handOver(receiver: WecomReceiver, openKfid: string, item: KfItem): Promise<void> {
  const failed = receiptOf(receiver, item)
  if (failed !== null) await receiver.handlers.onReceipts([failed])
  const inbound = inboundOf(receiver, openKfid, item)
  if (inbound !== null) await receiver.handlers.onInbound(inbound)
}

function receiptOf({ accountId, clock }: WecomReceiver, { event }: KfItem): ProviderReceipt | null {
  if (event?.event_type !== 'msg_send_fail' || event.fail_msgid === undefined) return null
  return {
    accountId,
    providerMessageId: event.fail_msgid,
    line: 'failed',
    detail: `fail_type ${event.fail_type ?? 0}`,
    at: clock.now(),
  }
}

/** What a customer did, in our words; null for what is no news. */
function inboundOf(
  { accountId, clock }: WecomReceiver,
  openKfid: string,
  item: KfItem,
): InboundItem | null {
  const externalUserid = item.external_userid ?? item.event?.external_userid
  if (externalUserid === undefined) return null
  const common = {
    channel: 'wecom' as const,
    accountId,
    at: clock.now(),
    raw: '',
    from: formatAddress({ via: 'kf', through: openKfid, externalUserid }),
    dedupeKey: `kf ${item.msgid}`,
  }
  if (item.origin === FROM_CUSTOMER) {
    const text = item.text?.content ?? `[${item.msgtype}]`
    const rest = { to: openKfid, subject: null, permitId: null, isAutomatic: false }
    // The window opens with the message, and a message read late is not younger than it is.
    const at = instant(Math.min(common.at, item.send_time * 1000))
    return { kind: 'message', ...common, ...rest, at, text }
  }
  return eventOf(common, item)
}

type Common = {
  readonly channel: 'wecom'
  readonly accountId: string
  readonly at: ReturnType<typeof instant>
  readonly raw: string
  readonly from: string
  readonly dedupeKey: string
}

function eventOf(common: Common, { event, send_time: sentSeconds }: KfItem): InboundItem | null {
  if (event?.event_type === 'enter_session') {
    const code = event.welcome_code
    const until = sentSeconds * 1000 + WELCOME_LIFE_MS
    return {
      kind: 'contact-added',
      ...common,
      token: event.scene_param ?? '',
      welcome: code === undefined ? null : { code, until },
    }
  }
  const hasRefused =
    (event?.event_type === 'msg_send_fail' && event.fail_type === REJECTS) ||
    (event?.event_type === 'reject_customer_msg_switch_change' && event.reject_switch === 1)
  return hasRefused ? { kind: 'contact-removed', ...common } : null
}
