import nodemailer from 'nodemailer'
import type { EmailSecrets, EmailSettings } from './email-settings.ts'
import { replyAddress } from './signed-address.ts'

export type Letter = {
  readonly permitId: string
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string | null
  readonly unsubscribe: { readonly url: string; readonly mailto: string } | null
}

/** RFC 8058 asks that the signature cover both List-Unsubscribe headers; the library's own list leaves one out. */
const SIGNED_HEADERS = [
  'From',
  'Sender',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'To',
  'Cc',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
].join(':')

const composer = nodemailer.createTransport({
  streamTransport: true,
  buffer: true,
  newline: 'windows',
})

/** The bytes of a letter, DKIM-signed when the account has a key. Its Message-ID is the permit's. */
export async function composeMail(
  letter: Letter,
  account: { readonly settings: EmailSettings; readonly secrets: EmailSecrets },
): Promise<Buffer> {
  const { settings, secrets } = account
  const key = secrets.dkimPrivateKey
  const { message } = await composer.sendMail({
    from: { name: settings.fromName, address: settings.fromAddress },
    to: { name: '', address: letter.to },
    replyTo: settings.isReplyTagged
      ? replyAddress(letter.permitId, { ...settings, ...secrets })
      : settings.replyTo,
    subject: letter.subject,
    text: letter.text,
    ...(letter.html === null ? {} : { html: letter.html }),
    messageId: messageIdOf(letter.permitId, settings),
    headers: { ...unsubscribeHeaders(letter.unsubscribe), 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(settings.dkim === null || key === null
      ? {}
      : {
          dkim: {
            domainName: settings.dkim.domain,
            keySelector: settings.dkim.selector,
            privateKey: key.reveal(),
            headerFieldNames: SIGNED_HEADERS,
          },
        }),
  })
  if (!Buffer.isBuffer(message)) throw new TypeError('the composer gave a stream, not bytes')
  return message
}

/** `<permit@domain>`: the idempotency key that a mail carries. */
function messageIdOf(permitId: string, settings: EmailSettings): string {
  return `<${permitId}@${settings.bounceDomain}>`
}

/** The permit that a Message-ID of ours names; null for another's. */
export function permitOfMessageId(messageId: string, settings: EmailSettings): string | null {
  const [, id = '', host = ''] = /^<?([0-9a-f-]{36})@([^>\s]+)>?$/i.exec(messageId.trim()) ?? []
  return id !== '' && host.toLowerCase() === settings.bounceDomain ? id.toLowerCase() : null
}

/** Written as they are: the library's helper folds and brackets them in a form that RFC 8058 does not allow. */
function unsubscribeHeaders(
  unsubscribe: Letter['unsubscribe'],
): Record<string, { prepared: true; value: string }> {
  if (unsubscribe === null) return {}
  const { url, mailto } = unsubscribe
  return {
    'List-Unsubscribe': { prepared: true, value: `<${url}>, <${mailto}>` },
    'List-Unsubscribe-Post': { prepared: true, value: 'List-Unsubscribe=One-Click' },
  }
}
