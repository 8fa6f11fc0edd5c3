import { createHash } from 'node:crypto'
import type { Instant } from '@dunlin/kernel'
import { type Attachment, type ParsedMail, simpleParser } from 'mailparser'
import type { InboundItem } from '../inbound.ts'
import { readBounceAddress } from './bounce-address.ts'
import { permitOfMessageId } from './compose-mail.ts'
import type { EmailSecrets, EmailSettings } from './email-settings.ts'
import { feedbackType, isHardBounce, parseDeliveryStatus } from './parse-report.ts'
import { unquote } from './unquote.ts'

export type EmailAccount = {
  readonly accountId: string
  readonly settings: EmailSettings
  readonly secrets: EmailSecrets
}

/** A mail as it came over the wire. */
export type ArrivedMail = {
  readonly envelopeFrom: string
  readonly to: string
  readonly raw: Buffer
  readonly at: Instant
}

const TEXT_CHARS_MAX = 20_000
const HTML_CHARS_MAX = 200_000

/** Understands a mail to us: a bounce, a complaint, an unsubscription or something a person wrote. */
export async function readMail(account: EmailAccount, arrived: ArrivedMail): Promise<InboundItem> {
  const mail = await simpleParser(arrived.raw, {
    maxHtmlLengthToParse: HTML_CHARS_MAX,
    keepDeliveryStatus: true,
  })
  const permitId = readBounceAddress(arrived.to, account.secrets.verpKey)
  const common = {
    accountId: account.accountId,
    channel: 'email' as const,
    at: arrived.at,
    dedupeKey: dedupeKeyOf(mail, arrived),
    raw: arrived.raw.toString('base64'),
  }
  if (permitId !== null) return { ...common, permitId, ...reportOf(mail) }
  const from = mail.from?.value[0]?.address ?? arrived.envelopeFrom
  const text = unquote(mail.text ?? '').slice(0, TEXT_CHARS_MAX)
  if (isSame(arrived.to, account.settings.unsubscribeMailbox)) {
    return { ...common, kind: 'unsubscribe', from, token: (mail.subject ?? '').trim() }
  }
  return {
    ...common,
    kind: 'message',
    from,
    to: arrived.to,
    subject: mail.subject ?? null,
    text,
    permitId: answeredPermit(mail, account.settings),
    isAutomatic: isAutomatic(mail),
  }
}

/** Whether a mailbox is one of the account's: a signed bounce address, or where we invite answers to. */
export function isOurMailbox(account: EmailAccount, address: string): boolean {
  const { replyTo, fromAddress, unsubscribeMailbox } = account.settings
  return (
    [replyTo, fromAddress, unsubscribeMailbox].some((mailbox) => isSame(mailbox, address)) ||
    readBounceAddress(address, account.secrets.verpKey) !== null
  )
}

type Report =
  | {
      kind: 'bounce'
      severity: 'hard' | 'soft'
      isFinal: boolean
      status: string
      diagnostic: string
    }
  | { kind: 'complaint'; feedback: string }

/** What came back to a bounce address. Whatever cannot be read is a bounce that says nothing lasting. */
function reportOf(mail: ParsedMail): Report {
  const feedback = partOf(mail, 'message/feedback-report')
  if (feedback !== null) return { kind: 'complaint', feedback: feedbackType(feedback) }
  const report = parseDeliveryStatus(partOf(mail, 'message/delivery-status') ?? '')
  if (report === null) {
    return { kind: 'bounce', severity: 'soft', isFinal: false, status: '', diagnostic: '' }
  }
  return {
    kind: 'bounce',
    severity: isHardBounce(report) ? 'hard' : 'soft',
    isFinal: report.action === 'failed',
    status: report.status,
    diagnostic: report.diagnostic,
  }
}

function partOf(mail: ParsedMail, type: string): string | null {
  const part = mail.attachments.find((attachment: Attachment) => attachment.contentType === type)
  return part === undefined ? null : part.content.toString('utf8')
}

/** The permit of the letter that is answered: the newest of ours that In-Reply-To or References name. */
function answeredPermit(mail: ParsedMail, settings: EmailSettings): string | null {
  const references = typeof mail.references === 'string' ? [mail.references] : mail.references
  const named = [...(references ?? []), mail.inReplyTo ?? '']
  return named.map((id) => permitOfMessageId(id, settings)).findLast((id) => id !== null) ?? null
}

/** Machines that answer (RFC 3834) must not be taken for people. */
function isAutomatic(mail: ParsedMail): boolean {
  const submitted = mail.headers.get('auto-submitted')
  const precedence = mail.headers.get('precedence')
  return (
    (typeof submitted === 'string' && submitted.toLowerCase() !== 'no') ||
    (typeof precedence === 'string' && /^(bulk|junk|auto_reply)$/i.test(precedence)) ||
    mail.headers.has('x-autoreply') ||
    mail.headers.has('x-autorespond')
  )
}

/** The same mail on a second way to us has other Received lines, but the same id, sender and body. */
function dedupeKeyOf(mail: ParsedMail, { raw, to, envelopeFrom }: ArrivedMail): string {
  const bodyAt = raw.indexOf('\r\n\r\n')
  const hash = createHash('sha256')
  hash.update(JSON.stringify([mail.messageId ?? '', envelopeFrom, to.toLowerCase()]))
  return hash.update(raw.subarray(Math.max(bodyAt, 0))).digest('base64url')
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
