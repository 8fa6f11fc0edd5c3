import { PORTAL } from '@dunlin/contract'
import {
  prepareMonth,
  type ReadThread,
  readThread,
  takeMessage,
} from '../../conversations/index.ts'
import { lockBorrowers } from '../../loanbook/index.ts'
import { type App, Problem } from '../../platform/http/index.ts'
import type { PortalContext } from '../context.ts'
import { serveAct, serveRead } from '../serve.ts'
import { listThreadIds } from './message-store.ts'

const SENT = new Set(['sent', 'delivered', 'received', 'settled'])

/** The borrower's conversation: what was written on any channel, and what is written here. */
export function routeMessages(app: App, context: PortalContext): void {
  const { db, sealer, conversations } = context
  serveRead({ app, context }, PORTAL.readMessages, async ({ visitor, at }) => {
    const messages = []
    for (const conversationId of await listThreadIds(db, visitor.borrowerId)) {
      const thread = await readThread({ sql: db, sealer }, { conversationId, at })
      if (thread !== null) messages.push(...toMessages(thread))
    }
    return { messages: messages.toSorted((a, b) => (a.at < b.at ? -1 : 1)) }
  })
  // What is written acts on the gate before anything else, as on every other channel.
  serveAct(
    { app, context },
    PORTAL.writeMessage,
    async ({ visitor, work, body }) => {
      const { borrowerId } = visitor
      await lockBorrowers(work.tx, [borrowerId])
      const taken = await takeMessage(conversations, work.tx, {
        sender: { borrowerId, partyId: null, contactPointId: null },
        ...{ accountId: null, channel: 'portal', at: work.at, subject: null, text: body.text },
        isAutomatic: false,
      })
      if (taken === null) throw new Problem('resource.not_found', 'there is no loan of yours')
      return { done: true as const }
    },
    ({ at }) => prepareMonth(db, at),
  )
}

function toMessages({ messages, replies }: ReadThread) {
  return [
    ...messages.map(({ messageId, at, channel, text }) => ({
      ...{ id: `m${messageId}`, at, channel, text, from: 'borrower' as const },
    })),
    ...replies
      .filter(({ state }) => SENT.has(state))
      .map(({ attemptId, at, channel, text }) => ({
        ...{ id: `r${attemptId}`, at, channel, text, from: 'lender' as const },
      })),
  ]
}
