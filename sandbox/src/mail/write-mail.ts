import nodemailer from 'nodemailer'
import type { Mail } from './mail-server.ts'

/** Where the world's mail goes: the product's inbound listener. */
export type Inbox = { readonly host: string; readonly port: number }

export type Bounce = {
  /** `5.1.1` (no such user), `5.2.2` (full), `4.4.7` (late) … */
  readonly status: string
  readonly action: 'failed' | 'delayed'
  readonly diagnostic: string
}

const DOMAIN = 'mail.example.com'

/** A person answers a mail, as a mail program does: to Reply-To, with In-Reply-To and References. */
export async function replyByMail(
  inbox: Inbox,
  mail: Mail,
  reply: { readonly text: string; readonly from?: string },
): Promise<void> {
  const to = mail.parsed.replyTo?.value[0]?.address ?? mail.parsed.from?.value[0]?.address
  const messageId = mail.parsed.messageId
  await deliver(inbox, {
    from: reply.from ?? mail.to[0] ?? '',
    to: to ?? mail.envelopeFrom,
    subject: `Re: ${mail.subject}`,
    text: `${reply.text}\n\n> ${mail.text.split('\n').join('\n> ')}`,
    ...(messageId === undefined ? {} : { inReplyTo: messageId, references: messageId }),
  })
}

/** A mail server reports that it could not deliver (RFC 3464), to the envelope sender of the mail. */
export async function bounceMail(inbox: Inbox, mail: Mail, bounce: Bounce): Promise<void> {
  const boundary = `report-${mail.parsed.messageId?.replace(/[^\w]/g, '') ?? 'none'}`
  const raw = [
    `From: Mail Delivery System <mailer-daemon@${DOMAIN}>`,
    `To: <${mail.envelopeFrom}>`,
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=utf-8',
    '',
    `Your message could not be delivered: ${bounce.diagnostic}`,
    '',
    `--${boundary}`,
    'Content-Type: message/delivery-status',
    '',
    `Reporting-MTA: dns; ${DOMAIN}`,
    '',
    `Final-Recipient: rfc822; ${mail.to[0] ?? ''}`,
    `Action: ${bounce.action}`,
    `Status: ${bounce.status}`,
    `Diagnostic-Code: smtp; ${bounce.diagnostic}`,
    '',
    `--${boundary}`,
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${mail.parsed.messageId ?? ''}`,
    `Subject: ${mail.parsed.headers.get('subject') === undefined ? '' : 'returned'}`,
    '',
    `--${boundary}--`,
    '',
  ].join('\r\n')
  await deliver(inbox, { envelope: { from: '', to: mail.envelopeFrom }, raw })
}

/** A mailbox provider passes on that its user called the mail spam (RFC 5965). */
export async function complainOfMail(inbox: Inbox, mail: Mail): Promise<void> {
  const boundary = 'feedback-report'
  const raw = [
    `From: <feedback@${DOMAIN}>`,
    `To: <${mail.envelopeFrom}>`,
    'Subject: FW: complaint',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=feedback-report; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain',
    '',
    'This is an email abuse report.',
    '',
    `--${boundary}`,
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: DunlinSandbox/1.0',
    'Version: 1',
    `Original-Rcpt-To: ${mail.to[0] ?? ''}`,
    '',
    `--${boundary}`,
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${mail.parsed.messageId ?? ''}`,
    '',
    `--${boundary}--`,
    '',
  ].join('\r\n')
  await deliver(inbox, { envelope: { from: '', to: mail.envelopeFrom }, raw })
}

/** Hands a mail over as it is, by LMTP as a mail server does to a mailbox. */
export function putIntoMailbox(
  inbox: Inbox,
  mail: { readonly from: string; readonly to: string; readonly raw: string },
): Promise<void> {
  const { from, to, raw } = mail
  return deliver({ ...inbox, lmtp: true }, { envelope: { from, to }, raw })
}

type Letter = Parameters<ReturnType<typeof nodemailer.createTransport>['sendMail']>[0]

async function deliver(inbox: Inbox & { readonly lmtp?: boolean }, letter: Letter): Promise<void> {
  const transport = nodemailer.createTransport({ ...inbox, secure: false, ignoreTLS: true })
  try {
    await transport.sendMail(letter)
  } finally {
    transport.close()
  }
}
