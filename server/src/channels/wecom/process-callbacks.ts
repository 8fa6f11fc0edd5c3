import type { Instant } from '@dunlin/kernel'
import type { CallbackLane } from '../callbacks/callback-store.ts'
import { workOff } from '../callbacks/work-off.ts'
import type { InboundHandlers } from '../inbound.ts'
import { formatAddress } from './address.ts'
import { readGroup } from './calls.ts'
import { noteGroup } from './kf-store.ts'
import { readEvent, type WecomEvent } from './read-event.ts'
import type { WecomReceiver } from './receiver.ts'
import { syncKfAccount } from './sync-kf.ts'
import { WELCOME_LIFE_MS } from './wecom-settings.ts'

/** Works off what the door stored of a lane, oldest first. How many were done. */
export function processCallbacks(
  receiver: WecomReceiver,
  lane: Exclude<CallbackLane, 'sms'>,
): Promise<number> {
  return workOff({ ...receiver, lane }, async (message, receivedAt) => {
    const event = readEvent(message)
    return event === null ? 'not understood' : act(receiver, event, receivedAt)
  })
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
