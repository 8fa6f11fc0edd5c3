import type { Secret } from '@dunlin/kernel'
import { z } from 'zod'

const mailbox = z.email().max(254)
const domain = z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a domain in lower case')

/** Settings of an SMTP provider account. Every limit has its default here. */
export const emailSettings = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(587),
  /** `implicit` from the first byte, `required` by STARTTLS, `none` only on a trusted wire. */
  tls: z.enum(['implicit', 'required', 'none']).default('required'),
  user: z.string().default(''),
  fromName: z.string().min(1).max(100),
  fromAddress: mailbox,
  replyTo: mailbox,
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
})

export type EmailSettings = z.infer<typeof emailSettings>

/** `verpKey` signs bounce addresses; `dkimPrivateKey` is a PEM. */
export type EmailSecrets = {
  readonly password: Secret<string> | null
  readonly dkimPrivateKey: Secret<string> | null
  readonly verpKey: Secret<Uint8Array>
}
