import { createHash, timingSafeEqual } from 'node:crypto'
import type { Clock, Instant } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import { createBatchQueue } from '../batch-queue.ts'
import { insertCallbacks } from '../callbacks/callback-store.ts'
import { type CallbackQueue, workOff } from '../callbacks/work-off.ts'
import type { InboundHandlers } from '../inbound.ts'
import { readAliyunItem, readTencentItem } from './read-callback.ts'

/** An account whose callbacks come to us, under its name and its unguessable token. */
export type CloudCallbackAccount = {
  readonly accountId: string
  readonly name: string
  readonly vendor: 'aliyun' | 'tencent'
  readonly token: string
  /** Addresses that they may come from; empty for any. */
  readonly from: readonly string[]
}

export type CloudCallbackAnswer = { readonly status: 200 | 400 | 403 | 404; readonly body: object }
export type CloudCallbackDoor = (callback: {
  readonly vendor: string
  readonly name: string
  readonly token: string
  readonly from: string
  readonly body: string
}) => Promise<CloudCallbackAnswer>

const BATCH_MAX = 500
const TAKEN = {
  aliyun: { code: 0, msg: '接收成功' },
  tencent: { result: 0, errmsg: 'OK' },
} as const

/** The door for the callbacks of all cloud SMS accounts: checked, stored sealed and once, then answered. */
export function createCloudCallbackDoor(given: {
  readonly accounts: readonly CloudCallbackAccount[]
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
}): CloudCallbackDoor {
  const { accounts, db, sealer, clock } = given
  const queue = createBatchQueue(BATCH_MAX, (rows: Parameters<typeof insertCallbacks>[1]) =>
    insertCallbacks(db, rows),
  )
  return async ({ vendor, name, token, from, body }) => {
    const account = accounts.find((each) => each.vendor === vendor && each.name === name)
    if (account === undefined) return { status: 404, body: {} }
    const isAllowed = account.from.length === 0 || account.from.includes(from)
    if (!isAllowed || !isSame(token, account.token)) return { status: 403, body: {} }
    if (!isList(body)) return { status: 400, body: {} }
    await queue.add({
      accountId: account.accountId,
      // Pushed again it is the same text; a part of it in another batch is found known item by item.
      dedupeKey: createHash('sha256').update(body).digest(),
      lane: 'sms',
      sealed: sealer.seal(body),
      at: clock.now(),
    })
    return { status: 200, body: TAKEN[account.vendor] }
  }
}

/** Receipts of a callback go in one batch; what phones wrote goes one by one. How many callbacks were done. */
export function processCloudCallbacks(
  queue: Omit<CallbackQueue, 'lane'> & {
    readonly vendor: 'aliyun' | 'tencent'
    readonly handlers: InboundHandlers
  },
): Promise<number> {
  const { accountId, vendor, handlers } = queue
  const read = vendor === 'aliyun' ? readAliyunItem : readTencentItem
  return workOff({ ...queue, lane: 'sms' }, async (body, at: Instant) => {
    const items = listOf(body).map((item) => read(item, { accountId, at }))
    const receipts = items.flatMap((item) => (item?.kind === 'receipt' ? [item.receipt] : []))
    if (receipts.length > 0) await handlers.onReceipts(receipts)
    for (const item of items) {
      if (item?.kind === 'message') await handlers.onInbound(item.message)
    }
    const strange = items.filter((item) => item === null).length
    return strange === 0 ? null : `${strange} of ${items.length} items not understood`
  })
}

/** Tencent pushes a phone's message alone, status in lists: one is a list of one. */
function listOf(body: string): readonly unknown[] {
  const given: unknown = JSON.parse(body)
  return Array.isArray(given) ? given : [given]
}

function isList(body: string): boolean {
  try {
    return listOf(body).every((item) => typeof item === 'object' && item !== null)
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

function isSame(one: string, two: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(two))
}
