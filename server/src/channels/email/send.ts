import type { Clock } from '@dunlin/kernel'
import type { Channel, ProviderAccount, SendResult } from '../channel.ts'
import type { Permit } from '../permit.ts'
import { composeMail } from './compose-mail.ts'
import type { EmailSecrets, EmailSettings } from './email-settings.ts'
import { bounceAddress } from './signed-address.ts'
import type { MailFate, SmtpPool } from './smtp-pool.ts'

export type EmailChannelOptions = {
  readonly account: ProviderAccount
  readonly settings: EmailSettings
  readonly secrets: EmailSecrets
  readonly pool: SmtpPool
  readonly clock: Clock
}

/** Mails under way for each connection, so that a connection always finds the next one composed. */
const PERMITS_PER_CONNECTION = 10
const DETAIL_CHARS_MAX = 300

/** Email over SMTP. A mail refused for now, or never handed over, is not sent; a lost one is unknown. */
export function createEmailChannel(options: EmailChannelOptions): Channel {
  return {
    name: 'email',
    account: options.account,
    window: options.settings.connections * PERMITS_PER_CONNECTION,
    countParts: () => 1,
    send: (permits) => Promise.all(permits.map((permit) => sendOne(options, permit))),
    close: async () => options.pool.close(),
  }
}

async function sendOne(options: EmailChannelOptions, permit: Permit): Promise<SendResult> {
  const { settings, secrets, pool, clock } = options
  const { permitId, content, unsubscribe } = permit
  const to = permit.address.reveal()
  if (content.subject === null) {
    const detail = 'an email needs a subject'
    return { permitId, fate: 'rejected', code: 'email.no_subject', detail }
  }
  const letter = { permitId, to, unsubscribe, ...content, subject: content.subject }
  const raw = await composeMail(letter, options)
  const from = bounceAddress(permitId, { ...settings, ...secrets })
  const fate = await pool.deliver({
    permitId,
    from,
    to,
    raw,
    isStillAllowed: () => clock.now() < permit.expiresAt,
  })
  return { permitId, ...toResult(fate, permitId) }
}

type Fate = SendResult extends infer R
  ? R extends SendResult
    ? Omit<R, 'permitId'>
    : never
  : never

/** Receipts and bounces name the permit, so it is the provider's message id as well. */
function toResult(fate: MailFate, permitId: string): Fate {
  switch (fate.kind) {
    case 'accepted':
      return { fate: 'accepted', providerMessageId: permitId, parts: 1 }
    case 'refused':
      return fate.code >= 500
        ? { fate: 'rejected', code: `smtp.${fate.code}`, detail: withoutAddresses(fate.response) }
        : { fate: 'not-sent', detail: withoutAddresses(fate.response) }
    case 'unknown':
      return { fate: 'unknown', detail: fate.detail }
    case 'not-written':
      return { fate: 'not-sent', detail: fate.detail }
  }
}

/** Servers like to quote the recipient in their answers; results are kept unsealed. */
function withoutAddresses(response: string): string {
  return response.replace(/[^\s<>"']+@[^\s<>"']+/g, '***').slice(0, DETAIL_CHARS_MAX)
}
