import type { Instant, Secret } from '@dunlin/kernel'

/** The ways by which a message is planned and goes out. */
export type MessageChannel = 'sms' | 'email' | 'wecom' | 'letter' | 'robot-call'

export type PermitFields = {
  /** A UUID: the idempotency key that goes to the provider. */
  readonly permitId: string
  readonly attemptId: string
  readonly borrowerId: string
  readonly channel: MessageChannel
  /** By which of a channel's ways; null where it has one. `chat` is WeCom's single welcome. */
  readonly via: 'mass' | 'kf' | 'chat' | null
  readonly address: Secret<string>
  /** Whom an envelope names; null on every other channel. */
  readonly addressee: Secret<string> | null
  readonly content: PermitContent
  readonly unsubscribe: { readonly url: string; readonly mailto: string } | null
  /** After this instant the gate's answer no longer holds and nothing may be sent. */
  readonly expiresAt: Instant
}

export type PermitContent = {
  readonly language: string
  readonly subject: string | null
  readonly text: string
  readonly html: string | null
}

/** The gate's leave for one message to one contact point. Made in `permit-mint.ts` and nowhere else. */
export class Permit {
  readonly permitId: string
  readonly attemptId: string
  readonly borrowerId: string
  readonly channel: PermitFields['channel']
  readonly via: PermitFields['via']
  readonly address: Secret<string>
  readonly addressee: PermitFields['addressee']
  readonly content: PermitContent
  readonly unsubscribe: PermitFields['unsubscribe']
  readonly expiresAt: Instant

  private constructor(fields: PermitFields) {
    this.permitId = fields.permitId
    this.attemptId = fields.attemptId
    this.borrowerId = fields.borrowerId
    this.channel = fields.channel
    this.via = fields.via
    this.address = fields.address
    this.addressee = fields.addressee
    this.content = fields.content
    this.unsubscribe = fields.unsubscribe
    this.expiresAt = fields.expiresAt
    Object.freeze(this)
  }
}
