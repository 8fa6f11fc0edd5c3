import type { ParsedMail } from 'mailparser'
import { type ArrivedMail, type EmailAccount, isOurMailbox, isSignedMailbox } from './read-mail.ts'

/** Where servers note for whom they put a mail into a mailbox, most exact first; then what the sender wrote. */
const RECIPIENT_HEADERS = [
  'delivered-to',
  'x-original-to',
  'envelope-to',
  'x-envelope-to',
  'to',
  'cc',
]
const ADDRESS = /[^\s<>"(),:;]{1,64}@[^\s<>"(),:;]{1,255}/g
const ADDRESSES_MAX = 100
const LINE_CHARS_MAX = 10_000

/**
 * From and to whom a mail came that lies in a mailbox: its envelope is gone, and its head tells it. An address
 * that we signed names what the mail is about; otherwise it is for the first mailbox of ours, or for answers.
 */
export function arrivedAt(
  account: EmailAccount,
  mail: ParsedMail,
): Pick<ArrivedMail, 'envelopeFrom' | 'to'> {
  const named = RECIPIENT_HEADERS.flatMap((header) => addressesIn(mail, header)).slice(
    0,
    ADDRESSES_MAX,
  )
  const to =
    named.find((address) => isSignedMailbox(account, address)) ??
    named.find((address) => isOurMailbox(account, address)) ??
    account.settings.replyTo
  const path = linesOf(mail, 'return-path')[0]
  const from = mail.from?.value[0]?.address ?? ''
  if (path === undefined) return { envelopeFrom: from === '' ? UNKNOWN : from, to }
  return { envelopeFrom: path.match(ADDRESS)?.[0] ?? '', to }
}

/** Not empty: that would say that the mail wants no answer. */
const UNKNOWN = '<>'

function addressesIn(mail: ParsedMail, header: string): readonly string[] {
  return linesOf(mail, header).flatMap((line) => [...(line.match(ADDRESS) ?? [])])
}

/** What follows the name in each line of a header. */
function linesOf(mail: ParsedMail, header: string): readonly string[] {
  return mail.headerLines
    .filter(({ key }) => key === header)
    .map(({ line }) => line.slice(line.indexOf(':') + 1, LINE_CHARS_MAX))
}
