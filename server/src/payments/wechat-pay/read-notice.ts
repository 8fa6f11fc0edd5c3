import { type Instant, ok, type Result, refused } from '@dunlin/kernel'
import { z } from 'zod'
import type { Merchant } from './merchant.ts'
import { openResource } from './open-resource.ts'
import {
  type RefundResource,
  refundShape,
  type Transaction,
  type TransferResource,
  transactionShape,
  transferShape,
} from './resources.ts'
import { type MessageRefusal, type SignedHeaders, verifyMessage } from './verify-message.ts'

/** What a callback tells, in its own kind. */
export type Notice =
  | { readonly kind: 'payment'; readonly payment: Transaction }
  | { readonly kind: 'refund'; readonly refund: RefundResource }
  | { readonly kind: 'transfer'; readonly transfer: TransferResource }
  | { readonly kind: 'other'; readonly eventType: string }

const envelopeShape = z.object({
  id: z.string().min(1).max(128),
  event_type: z.string().max(100),
  resource: z.object({
    algorithm: z.string(),
    ciphertext: z.string(),
    associated_data: z.string().optional(),
    nonce: z.string(),
  }),
})

/**
 * Whether the platform signed these bytes; the id under which they count once. A serial that is not known
 * is looked for among fresh certificates first, at most once a minute.
 */
export async function verifyNotice(
  { api }: Merchant,
  { body, headers, now }: { body: Buffer; headers: SignedHeaders; now: Instant },
): Promise<Result<string, MessageRefusal>> {
  const known = await api.keys.get()
  const isKnown = headers.serial === undefined || known.has(headers.serial)
  const keys = isKnown ? known : await api.keys.renew()
  const verified = verifyMessage(body, headers, { keys, now })
  if (!verified.ok) return verified
  const envelope = parseEnvelope(body)
  return envelope.ok ? ok(envelope.value.id) : refused({ field: 'id', detail: envelope.refusal })
}

/** What stored bytes say; a sentence about what is wrong with them when they say nothing of use. */
export function readNotice({ apiKey }: Merchant, body: Buffer): Result<Notice, string> {
  const envelope = parseEnvelope(body)
  if (!envelope.ok) return envelope
  const { event_type: eventType, resource } = envelope.value
  const opened = openResource(resource, apiKey)
  if (!opened.ok) return opened
  const given = parseJson(opened.value)
  if (eventType.startsWith('TRANSACTION.'))
    return shaped(transactionShape, given, (payment) => ({ kind: 'payment', payment }))
  if (eventType.startsWith('REFUND.'))
    return shaped(refundShape, given, (refund) => ({ kind: 'refund', refund }))
  if (eventType.startsWith('MCHTRANSFER.BILL.'))
    return shaped(transferShape, given, (transfer) => ({ kind: 'transfer', transfer }))
  return ok({ kind: 'other', eventType })
}

function shaped<T>(
  shape: z.ZodType<T>,
  given: unknown,
  toNotice: (value: T) => Notice,
): Result<Notice, string> {
  const parsed = shape.safeParse(given)
  if (parsed.success) return ok(toNotice(parsed.data))
  const [issue] = parsed.error.issues
  return refused(`the resource’s ${issue?.path.join('.') ?? 'fields'}: ${issue?.message ?? ''}`)
}

function parseEnvelope(body: Buffer): Result<z.infer<typeof envelopeShape>, string> {
  const parsed = envelopeShape.safeParse(parseJson(body.toString()))
  return parsed.success ? ok(parsed.data) : refused('the body is no callback of WeChat Pay')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
