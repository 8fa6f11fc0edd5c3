import { type Instant, ok, type Result, refused } from '@dunlin/kernel'
import { readUnsubscribeToken } from '../channels/unsubscribe-token.ts'
import { lockBorrowers } from '../loanbook/index.ts'
import type { ConversationContext } from './context.ts'
import { stopChannel } from './stop-channel.ts'

/** The door behind `POST /u/{token}` (RFC 8058): stops the channel of the token's person. Safe to call again. */
export async function unsubscribe(
  context: ConversationContext,
  request: { readonly token: string; readonly at: Instant },
): Promise<Result<{ readonly channel: 'email' | 'sms' }, 'unsubscribe.bad_token'>> {
  const claim = readUnsubscribeToken(context.sealer, request.token)
  if (claim === null) return refused('unsubscribe.bad_token')
  await context.db.transaction(async (tx) => {
    await lockBorrowers(tx, [claim.borrowerId])
    const stop = { ...claim, reason: 'unsubscribe' as const, at: request.at }
    await stopChannel({ tx, reactions: context.reactions }, stop)
  })
  return ok({ channel: claim.channel })
}
