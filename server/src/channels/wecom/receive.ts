import { createHash } from 'node:crypto'
import type { Clock } from '@dunlin/kernel'
import type { Database } from '../../platform/db/index.ts'
import type { Sealer } from '../../platform/seal/index.ts'
import { createBatchQueue } from '../batch-queue.ts'
import { insertCallbacks } from '../callbacks/callback-store.ts'
import type { CallbackCrypto } from './callback-crypto.ts'
import { readEvent } from './read-event.ts'
import { childText, readXml } from './read-xml.ts'

/** An account whose callbacks come to us, under the name that stands in their URL. */
export type CallbackAccount = {
  readonly accountId: string
  readonly name: string
  readonly crypto: CallbackCrypto
}

/** The query of a callback; what is missing is empty. */
export type CallbackQuery = Readonly<Record<string, string | undefined>>
export type CallbackAnswer = { readonly status: 200 | 400 | 403 | 404; readonly body: string }

export type CallbackDoor = {
  /** The platform checks our URL: answered with what it encrypted. */
  readonly check: (name: string, query: CallbackQuery) => CallbackAnswer
  /** A callback: answered once it is stored; what it means is worked out after. Rejects when it could not be stored. */
  readonly take: (name: string, query: CallbackQuery, body: string) => Promise<CallbackAnswer>
}

export type CallbackDoorOptions = {
  readonly accounts: readonly CallbackAccount[]
  readonly db: Database
  readonly sealer: Sealer
  readonly clock: Clock
}

/** Callbacks that go into one transaction. */
const BATCH_MAX = 500
/** The platform's clock and ours may differ by this much; an older signature is a recording. */
const SKEW_MAX_MS = 10 * 60_000

const UNKNOWN: CallbackAnswer = { status: 404, body: '' }
const NOT_THEIRS: CallbackAnswer = { status: 403, body: '' }
const TAKEN: CallbackAnswer = { status: 200, body: 'success' }

/** The door for all WeCom accounts: verify, decrypt, store sealed and once, answer. */
export function createCallbackDoor({
  accounts,
  db,
  sealer,
  clock,
}: CallbackDoorOptions): CallbackDoor {
  const byName = new Map(accounts.map((account) => [account.name, account]))
  const queue = createBatchQueue(BATCH_MAX, (items: readonly Parameters<typeof rowOf>[0][]) =>
    insertCallbacks(
      db,
      items.map((item) => rowOf(item, sealer)),
    ),
  )

  function open(account: CallbackAccount, query: CallbackQuery, encrypted: string): string | null {
    const { msg_signature: signature = '', timestamp = '', nonce = '' } = query
    if (Math.abs(clock.now() - Number(timestamp) * 1000) > SKEW_MAX_MS) return null
    const opened = account.crypto.open({ signature, timestamp, nonce }, encrypted)
    return opened.ok ? opened.value : null
  }

  return {
    check: (name, query) => {
      const account = byName.get(name)
      if (account === undefined) return UNKNOWN
      // A plus sign arrives as a space where a proxy decoded the query once more.
      const plain = open(account, query, (query.echostr ?? '').replaceAll(' ', '+'))
      return plain === null ? NOT_THEIRS : { status: 200, body: plain }
    },
    take: async (name, query, body) => {
      const account = byName.get(name)
      if (account === undefined) return UNKNOWN
      const envelope = readXml(body)
      if (envelope === null) return { status: 400, body: '' }
      const message = open(account, query, childText(envelope, 'Encrypt'))
      if (message === null) return NOT_THEIRS
      await queue.add({ accountId: account.accountId, message, at: clock.now() })
      return TAKEN
    },
  }
}

function laneOf(message: string): 'people' | 'service' {
  const kind = readEvent(message)?.kind
  return kind === 'kf' || kind === 'group' ? 'service' : 'people'
}

function rowOf(
  item: {
    readonly accountId: string
    readonly message: string
    readonly at: ReturnType<Clock['now']>
  },
  sealer: Sealer,
): Parameters<typeof insertCallbacks>[1][number] {
  return {
    accountId: item.accountId,
    // Pushed again it is the same text: the platform encrypts it anew, its contents stay.
    dedupeKey: createHash('sha256').update(item.message).digest(),
    lane: laneOf(item.message),
    sealed: sealer.seal(item.message),
    at: item.at,
  }
}
