import type { Secret } from '@dunlin/kernel'
import { z } from 'zod'

const mailbox = z.email().max(254)
const domain = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a domain in lower case')

/** The mailbox in which answers, bounces and reports lie, where a mail server does not hand them to us. */
const imapSettings = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(993),
  /** `implicit` from the first byte, `required` by STARTTLS, `none` only on a trusted wire. */
  tls: z.enum(['implicit', 'required', 'none']).default('implicit'),
  user: z.string().min(1).max(254),
  folder: z.string().min(1).max(200).default('INBOX'),
  /** Where stored mail is moved to; without it the mail stays and bears the keyword `DunlinTaken`. */
  takenFolder: z.string().min(1).max(200).nullable().default(null),
  /** The folder is searched at least so often, also when the server announces nothing. */
  pollMs: z.int().min(200).max(600_000).default(60_000),
  connectWaitMs: z.int().min(100).max(120_000).default(10_000),
  answerWaitMs: z.int().min(100).max(600_000).default(60_000),
})

export type ImapSettings = z.infer<typeof imapSettings>

/** Before the `+` of an answer's address: the rest of the 64 characters is the permit and its signature. */
const TAGGED_LOCAL_MAX = 14

/** Settings of an SMTP provider account. Every limit has its default here. */
export const emailSettings = z
  .strictObject({
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(587),
    /** `implicit` from the first byte, `required` by STARTTLS, `none` only on a trusted wire. */
    tls: z.enum(['implicit', 'required', 'none']).default('required'),
    user: z.string().default(''),
    fromName: z.string().min(1).max(100),
    fromAddress: mailbox,
    replyTo: mailbox,
    /** Answers go to `reply+PERMIT.SIGNATURE@…`, so that they name what they answer; the server must know `+`. */
    isReplyTagged: z.boolean().default(false),
    /** Mails to this mailbox stop email for whoever the token in their subject names. */
    unsubscribeMailbox: mailbox,
    /** Bounces come back to `bounce+…` at this domain. */
    bounceDomain: domain,
    dkim: z
      .strictObject({ domain, selector: z.string().min(1).max(63) })
      .nullable()
      .default(null),
    connections: z.int().min(1).max(50).default(5),
    /** Mails to one receiving domain at one time: large mailbox providers take a burst for an attack. */
    perDomain: z.int().min(1).max(50).default(3),
    connectWaitMs: z.int().min(100).max(120_000).default(10_000),
    answerWaitMs: z.int().min(100).max(600_000).default(60_000),
    imap: imapSettings.nullable().default(null),
  })
  .refine(
    ({ isReplyTagged, replyTo }) =>
      !isReplyTagged || (replyTo.indexOf('@') <= TAGGED_LOCAL_MAX && !replyTo.includes('+')),
    { path: ['replyTo'], error: 'with isReplyTagged at most 14 characters before the @, and no +' },
  )

export type EmailSettings = z.infer<typeof emailSettings>

/** `verpKey` signs bounce addresses; `dkimPrivateKey` is a PEM. */
export type EmailSecrets = {
  readonly password: Secret<string> | null
  readonly dkimPrivateKey: Secret<string> | null
  readonly verpKey: Secret<Uint8Array>
}
