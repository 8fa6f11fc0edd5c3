export type { ConversationContext } from './context.ts'
export { prepareMonth } from './conversation-store.ts'
export { type InviteRequest, inviteToWecom } from './invite-to-wecom.ts'
export { processWaitingInbound } from './process-waiting.ts'
export { type ReadThread, readThread } from './read-thread.ts'
export { receiveInbound } from './receive-inbound.ts'
export { receiveReceipts } from './receive-receipts.ts'
export { type Taken, type TakenAs, takeMessage } from './take-message.ts'
export { listThreads, type Thread } from './thread-store.ts'
export { unsubscribe } from './unsubscribe.ts'
export {
  assignConversation,
  closeConversation,
  replyTo,
  type WorkRefusal,
} from './work-thread.ts'
