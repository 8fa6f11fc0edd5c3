import type { SendResult } from '../channel.ts'
import type { TemplateMatch } from './match-template.ts'

/** The fate of one message by a vendor's own answer. */
export type VendorFate = SendResult extends infer R
  ? R extends SendResult
    ? Omit<R, 'permitId'>
    : never
  : never

export type VendorRequest = {
  readonly url: string
  readonly method: 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What one cloud does its own way: how a message is asked for, and what an answer means. */
export type Vendor = {
  readonly name: 'aliyun' | 'tencent'
  readonly request: (message: {
    readonly phone: string
    readonly template: TemplateMatch
    readonly permitId: string
    readonly nowMs: number
  }) => VendorRequest
  /** `body` is parsed JSON, or null when it is none. */
  readonly read: (body: unknown) => VendorFate
}

/**
 * What a code means. `account`: the account cannot send at all or must wait, and nothing was taken, so the
 * message may be planned anew. `message`: this message is refused. Anything that we do not know may have been sent.
 */
export function fateOfCode(
  vendor: Vendor['name'],
  code: string,
  meanings: { readonly account: RegExp; readonly message: RegExp },
): VendorFate {
  const detail = `${vendor} ${code}`
  if (meanings.account.test(code)) return { fate: 'not-sent', detail }
  if (meanings.message.test(code)) return { fate: 'rejected', code: `${vendor}.${code}`, detail }
  return { fate: 'unknown', detail }
}
