import { instant } from '@dunlin/kernel'
import type { InboundContactAdded, InboundContactRemoved } from '../channels/inbound.ts'
import { maskAddress, parseAddress } from '../channels/wecom/address.ts'
import { markHealth } from '../contact/index.ts'
import { lockBorrowers } from '../loanbook/index.ts'
import type { Tx } from '../platform/db/index.ts'
import type { ConversationContext, Understood } from './context.ts'
import { findCase, findSenders } from './conversation-store.ts'
import { stopChannel } from './stop-channel.ts'
import {
  bindContact,
  findInvite,
  markInviteUsed,
  planWecom,
  unbindContact,
} from './wecom-contact-store.ts'

const WELCOME_TEMPLATE = 'cn-wecom-welcome'

/**
 * A person added us by a way that carried a token: the address becomes a contact point of the token's
 * borrower, and a welcome is planned for the gate. Without a token of ours nobody is bound: a stranger must
 * not be taken for a borrower. A token serves one person; adding us lifts no hold.
 */
export async function applyContactAdded(
  { sealer, reactions }: ConversationContext,
  tx: Tx,
  added: InboundContactAdded,
): Promise<Understood> {
  const address = parseAddress(added.from)
  if (address === null) return { error: 'no address of WeCom' }
  const invite = await findInvite(tx, added)
  if (invite === null) return { error: 'no invite has this token' }
  const { borrowerId } = invite
  await lockBorrowers(tx, [borrowerId])
  const hash = sealer.hash('wecom', added.from)
  if (invite.isUsed && !(await isKnown(tx, hash, borrowerId))) {
    return { error: 'the invite was used by somebody else' }
  }
  const { accountId, at, welcome } = added
  const contactPointId = await bindContact(tx, {
    ...{ borrowerId, accountId, at, hash, via: address.via, through: address.through },
    sealed: sealer.seal(added.from),
    masked: maskAddress(address),
    welcome:
      welcome === null
        ? null
        : { sealedCode: sealer.seal(welcome.code), until: instant(welcome.until) },
  })
  await markInviteUsed(tx, invite.inviteId, at)
  const of = await findCase(tx, borrowerId)
  if (of !== null && of.caseId !== null && welcome !== null) {
    const planned = { borrowerId, caseId: of.caseId, portfolioId: of.portfolioId, contactPointId }
    await planWecom(tx, { ...planned, template: WELCOME_TEMPLATE, via: 'chat', at })
  }
  const payload = { contactPointId, kind: 'wecom', health: 'ok' }
  await reactions.publish(tx, [{ name: 'contact-point.added', borrowerId, payload }], at)
  return { error: null }
}

async function isKnown(tx: Tx, hash: Uint8Array, borrowerId: string): Promise<boolean> {
  const people = await findSenders(tx, 'wecom', [hash])
  return people.some((person) => person.borrowerId === borrowerId)
}

/** A person deleted us or refuses our messages: WeChat stops for that person, without a word. */
export async function applyContactRemoved(
  { sealer, reactions }: ConversationContext,
  tx: Tx,
  removed: InboundContactRemoved,
): Promise<Understood> {
  const people = await findSenders(tx, 'wecom', [sealer.hash('wecom', removed.from)])
  if (people.length === 0) return { error: 'unknown sender' }
  await lockBorrowers(
    tx,
    people.map(({ borrowerId }) => borrowerId),
  )
  const { at, channel } = removed
  for (const { borrowerId, partyId, contactPointId } of people) {
    await unbindContact(tx, { borrowerId, contactPointId, at })
    await markHealth(
      { tx, reactions, at },
      { borrowerId, contactPointId, health: 'dead', reason: 'deletion' },
    )
    await stopChannel({ tx, reactions }, { borrowerId, partyId, channel, at, reason: 'deletion' })
  }
  return { error: null }
}
