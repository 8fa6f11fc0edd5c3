import { type Instant, instant, parseInstant, required } from '@dunlin/kernel'
import type { InboundHandlers } from '../inbound.ts'
import { formatAddress } from './address.ts'
import {
  type CallbackLane,
  claimCallbacks,
  type DueCallback,
  endCallback,
  noteGroup,
  postponeCallback,
} from './callback-store.ts'
import { readGroup } from './calls.ts'
import { readEvent, type WecomEvent } from './read-event.ts'
import type { WecomReceiver } from './receiver.ts'
import { syncKfAccount } from './sync-kf.ts'
import { WELCOME_LIFE_MS } from './wecom-settings.ts'

const LEASE_MS = 60_000
const BATCH_MAX = 100
/** After so many tries a callback is kept with its error and left; `processed_at = null` replays it. */
const TRIES_MAX = 8
const RETRY_FIRST_MS = 1_000

/** Works off what the door stored of a lane, oldest first. How many were done. */
export async function processCallbacks(
  receiver: WecomReceiver,
  lane: CallbackLane,
): Promise<number> {
  const { db, clock, accountId } = receiver
  const at = clock.now()
  const due = await claimCallbacks(db, {
    ...{ accountId, lane, at, limit: BATCH_MAX },
    leaseUntil: instant(at + LEASE_MS),
  })
  for (const callback of due) await processOne(receiver, callback)
  return due.length
}

async function processOne(receiver: WecomReceiver, callback: DueCallback): Promise<void> {
  const { db, clock, sealer } = receiver
  const { callbackId, tries } = callback
  try {
    const event = readEvent(sealer.open(callback.sealed))
    const receivedAt = required(parseInstant(callback.receivedAt), 'instant of a callback')
    const error = event === null ? 'not understood' : await act(receiver, event, receivedAt)
    await endCallback(db, callbackId, { at: clock.now(), error })
  } catch (failure) {
    const error = failure instanceof Error ? failure.message.slice(0, 200) : 'failed'
    if (tries >= TRIES_MAX) await endCallback(db, callbackId, { at: clock.now(), error })
    else {
      const dueAt = instant(clock.now() + RETRY_FIRST_MS * 2 ** (tries - 1))
      await postponeCallback(db, callbackId, { dueAt, error })
    }
  }
}

/** Does what an event asks for; every part of it may be done again without harm. Null, or why nothing was done. */
async function act(
  receiver: WecomReceiver,
  event: WecomEvent,
  at: Instant,
): Promise<string | null> {
  switch (event.kind) {
    case 'added':
      await receiver.handlers.onInbound(addedItem(receiver, event, at))
      return null
    case 'removed':
      await receiver.handlers.onInbound({
        kind: 'contact-removed',
        channel: 'wecom',
        accountId: receiver.accountId,
        at,
        raw: '',
        from: formatAddress({ ...event, via: 'mass', through: event.userid }),
        dedupeKey: `removed ${event.userid} ${event.externalUserid} ${at}`,
      })
      return null
    case 'kf':
      await syncKfAccount(receiver, event)
      return null
    case 'group':
      if (!event.isDismissed) await lookAtGroup(receiver, event.chatId, at)
      return null
    case 'other':
      return null
  }
}

function addedItem(
  { accountId }: WecomReceiver,
  event: Extract<WecomEvent, { kind: 'added' }>,
  at: Instant,
): Parameters<InboundHandlers['onInbound']>[0] {
  const { userid, externalUserid, state, welcomeCode, createdSeconds } = event
  return {
    kind: 'contact-added',
    channel: 'wecom',
    accountId,
    at,
    raw: '',
    from: formatAddress({ via: 'mass', through: userid, externalUserid }),
    token: state,
    // The code's life begins with the event, not with its arrival here.
    welcome:
      welcomeCode === null
        ? null
        : {
            code: welcomeCode,
            until: Math.min(at, createdSeconds * 1000 + 1000) + WELCOME_LIFE_MS,
          },
    dedupeKey: `added ${userid} ${externalUserid} ${createdSeconds}`,
  }
}

async function lookAtGroup(
  { api, db, accountId }: WecomReceiver,
  chatId: string,
  at: Instant,
): Promise<void> {
  const answer = await readGroup(api, chatId)
  if (answer.kind !== 'ok') throw new Error(`group: ${answer.detail}`)
  const outsiders = answer.value.group_chat.member_list.filter(({ type }) => type === 2).length
  await noteGroup(db, { accountId, chatId, outsiders, at })
}
