import { createHash } from 'node:crypto'
import type { Instant } from '@dunlin/kernel'
import { type Attachment, type ParsedMail, simpleParser } from 'mailparser'
import type { InboundItem } from '../inbound.ts'
import { permitOfMessageId } from './compose-mail.ts'
import type { EmailSecrets, EmailSettings } from './email-settings.ts'
import { feedbackType, isHardBounce, parseDeliveryStatus } from './parse-report.ts'
import { findBounceAddress, readBounceAddress, readReplyAddress } from './signed-address.ts'
import { unquote } from './unquote.ts'

export type EmailAccount = {
  readonly accountId: string
  readonly settings: EmailSettings
  readonly secrets: EmailSecrets
}

/** A mail as it came over the wire. */
export type ArrivedMail = {
  /** Empty for what wants no answer, as machines write. */
  readonly envelopeFrom: string
  readonly to: string
  readonly raw: Buffer
  readonly at: Instant
}

const TEXT_CHARS_MAX = 20_000
const HTML_CHARS_MAX = 200_000
/** Quotes are looked for in so much of a text: what a person wrote stands above them. */
const UNQUOTED_CHARS_MAX = 200_000

/** The parts of a mail. Throws for what no mail program would make: too many parts, a head of megabytes. */
export function parseMail(raw: Buffer): Promise<ParsedMail> {
  return simpleParser(raw, { maxHtmlLengthToParse: HTML_CHARS_MAX, keepDeliveryStatus: true })
}

/** Understands a mail to us: a bounce, a complaint, an unsubscription or something a person wrote. */
export async function readMail(account: EmailAccount, arrived: ArrivedMail): Promise<InboundItem> {
  return understandMail(account, arrived, await parseMail(arrived.raw))
}

/** The same of a mail whose parts are known. */
export function understandMail(
  account: EmailAccount,
  arrived: ArrivedMail,
  mail: ParsedMail,
): InboundItem {
  const { verpKey } = account.secrets
  const common = {
    accountId: account.accountId,
    channel: 'email' as const,
    at: arrived.at,
    dedupeKey: dedupeKeyOf(mail, arrived),
    raw: arrived.raw.toString('base64'),
  }
  const reported = readBounceAddress(arrived.to, verpKey) ?? permitOfReport(mail, verpKey)
  if (reported !== null) return { ...common, permitId: reported, ...reportOf(mail) }
  const from = mail.from?.value[0]?.address ?? arrived.envelopeFrom
  if (isSame(arrived.to, account.settings.unsubscribeMailbox)) {
    return { ...common, kind: 'unsubscribe', from, token: (mail.subject ?? '').trim() }
  }
  return {
    ...common,
    kind: 'message',
    from,
    to: arrived.to,
    subject: mail.subject ?? null,
    text: unquote((mail.text ?? '').slice(0, UNQUOTED_CHARS_MAX)).slice(0, TEXT_CHARS_MAX),
    permitId: readReplyAddress(arrived.to, verpKey) ?? answeredPermit(mail, account.settings),
    isAutomatic: isAutomatic(mail, arrived),
  }
}

/** A mail that cannot be read: kept as it came, from whom its head says, for a person to look at. */
export function unreadableMail(account: EmailAccount, arrived: ArrivedMail): InboundItem {
  const { to, envelopeFrom, raw, at } = arrived
  const head = raw.subarray(0, HEAD_BYTES_LOOKED_AT).toString('latin1')
  const from = /^From:.{0,500}?([^\s<>"(),:;]{1,64}@[^\s<>"(),:;]{1,255})/im.exec(head)?.[1]
  return {
    ...{ kind: 'message', channel: 'email', accountId: account.accountId, at, to },
    from: from ?? envelopeFrom,
    ...{ subject: null, text: '', permitId: null, isAutomatic: false },
    dedupeKey: createHash('sha256').update(raw).digest('base64url'),
    raw: raw.toString('base64'),
  }
}

const HEAD_BYTES_LOOKED_AT = 65_536

/** Whether a mailbox is one of the account's: an address that we signed, or where we invite answers to. */
export function isOurMailbox(account: EmailAccount, address: string): boolean {
  const { replyTo, fromAddress, unsubscribeMailbox } = account.settings
  return (
    [replyTo, fromAddress, unsubscribeMailbox].some((mailbox) => isSame(mailbox, address)) ||
    isSignedMailbox(account, address)
  )
}

/** Whether an address is a bounce address or an address for answers that we signed. */
export function isSignedMailbox({ secrets }: EmailAccount, address: string): boolean {
  return (
    readBounceAddress(address, secrets.verpKey) !== null ||
    readReplyAddress(address, secrets.verpKey) !== null
  )
}

/** The permit of a report that came to another address than it should: what we signed stands in it. */
function permitOfReport(mail: ParsedMail, verpKey: EmailSecrets['verpKey']): string | null {
  const parts = mail.attachments.filter(({ contentType }) => REPORT_PARTS.has(contentType))
  const isReport = parts.some(({ contentType }) => REPORTS.has(contentType))
  const text = parts
    .map(({ content }) => content.toString('latin1', 0, REPORT_BYTES_MAX))
    .join('\n')
  return isReport ? findBounceAddress(text, verpKey) : null
}

const REPORT_BYTES_MAX = 100_000
const REPORTS: ReadonlySet<string> = new Set(['message/delivery-status', 'message/feedback-report'])
const REPORT_PARTS: ReadonlySet<string> = new Set([
  ...REPORTS,
  'message/rfc822',
  'text/rfc822-headers',
])

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

/**
 * Machines that answer (RFC 3834) must not be taken for people: what says so itself, what wants no answer
 * by its empty envelope sender, reports, and the notes of mail programs that say it in the subject alone.
 */
function isAutomatic(mail: ParsedMail, { envelopeFrom }: ArrivedMail): boolean {
  const submitted = mail.headers.get('auto-submitted')
  const precedence = mail.headers.get('precedence')
  return (
    (typeof submitted === 'string' && submitted.toLowerCase() !== 'no') ||
    (typeof precedence === 'string' && /^(bulk|junk|auto_reply)$/i.test(precedence)) ||
    ['x-autoreply', 'x-autorespond'].some((name) => mail.headers.has(name)) ||
    envelopeFrom === '' ||
    mail.attachments.some(({ contentType }) => REPORTS.has(contentType)) ||
    /^(mailer-daemon|postmaster)@/i.test(mail.from?.value[0]?.address ?? '') ||
    AUTOMATIC_SUBJECT.test(mail.subject ?? '')
  )
}

const AUTOMATIC_SUBJECT =
  /^\s*(自动回复|自動回覆|自動回复|automatic reply|auto[- ]?reply|out of office)\s*[:：]/i

/**
 * The same mail on a second way to us has other Received lines, but the same id, sender and body. One without
 * an id is told by all its bytes: the same words sent again on another day are said again.
 */
function dedupeKeyOf(mail: ParsedMail, { raw, to, envelopeFrom }: ArrivedMail): string {
  const hash = createHash('sha256')
  hash.update(JSON.stringify([mail.messageId ?? '', envelopeFrom, to.toLowerCase()]))
  const bodyAt = mail.messageId === undefined ? 0 : Math.max(raw.indexOf('\r\n\r\n'), 0)
  return hash.update(raw.subarray(bodyAt)).digest('base64url')
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
