import { zoneNamed } from '@dunlin/kernel'
import { z } from 'zod'
import { EVENTS, SYSTEM_EVENTS } from './events.ts'
import { localDate } from './requests.ts'

const name = z.string().min(1).max(100)

const portfolio = z.strictObject({
  name,
  lender: name,
  country: z.string().regex(/^[A-Z]{2}$/, 'expected a country code such as CN'),
  currency: z.string().regex(/^[A-Z]{3}$/, 'expected a currency code such as CNY'),
  zones: z
    .array(
      z
        .string()
        .refine((zone) => zoneNamed(zone) !== null, 'expected an IANA zone such as Asia/Shanghai'),
    )
    .min(1),
  packs: z.array(z.string()).min(1),
  overlay: z.string().nullable().default('lender-default'),
  holidays: z.string().nullable().default(null),
  collectorRole: z.enum(['debt-collector', 'original-creditor', 'servicer-current']),
  language: z.enum(['zh-CN', 'en']).default('zh-CN'),
  strategy: z.string(),
  contactLine: name,
  complaintLine: name,
  /** Where borrowers may transfer to; absent: the portal does not offer it. */
  transferTo: z.strictObject({ bank: name, name, account: name }).optional(),
})
const product = z.strictObject({
  portfolio: name,
  name,
  /** Options of the ledger: allocation, prepayment, grace, stages. */
  options: z.record(z.string(), z.unknown()).default({}),
})
const CHANNELS_OF = {
  smpp: ['sms'],
  cmpp: ['sms'],
  'aliyun-sms': ['sms'],
  'tencent-sms': ['sms'],
  smtp: ['email'],
  wecom: ['wecom'],
  letter: ['letter'],
  freeswitch: ['robot-call'],
  sink: ['sms', 'email', 'wecom', 'letter', 'robot-call'],
  webhook: ['payment'],
  'wechat-pay': ['payment'],
} as const
const account = z
  .strictObject({
    name,
    channel: z.enum(['sms', 'email', 'wecom', 'letter', 'robot-call', 'payment']),
    /** `webhook`: payments come in at `/callbacks/webhook/NAME`, signed with the secret `signing`.
     * `wechat-pay`: settings of docs/guide/wechat-pay.md, secrets `merchantKey` and `apiV3Key`. */
    adapter: z.enum([
      'smpp',
      'cmpp',
      'aliyun-sms',
      'tencent-sms',
      'smtp',
      'wecom',
      'letter',
      'freeswitch',
      'sink',
      'webhook',
      'wechat-pay',
    ]),
    /** Whether the provider's terms let it carry collection content. */
    collectionContent: z.boolean(),
    /** Receipts, statements, answers, confirmations: what serves and asks for nothing. */
    serviceContent: z.boolean().default(true),
    oneTimeCodes: z.boolean().default(true),
    /** What a thousand parts cost, in whole minor units: 4500 of CNY is 0.045 yuan a part. */
    cost: z
      .strictObject({
        perThousandMinor: z.int().min(0),
        currency: z.string().regex(/^[A-Z]{3}$/, 'expected a currency code such as CNY'),
      })
      .optional(),
    enabled: z.boolean().default(true),
    settings: z.record(z.string(), z.unknown()).default({}),
    secrets: z.record(z.string(), z.string()).default({}),
  })
  .refine(({ adapter, channel }) => CHANNELS_OF[adapter].some((known) => known === channel), {
    path: ['adapter'],
    error:
      'this adapter does not speak the channel: smpp, cmpp, aliyun-sms and tencent-sms sms, smtp email, wecom wecom, letter letter, freeswitch robot-call, webhook and wechat-pay payment',
  })
  .refine(({ secrets: { signing } }) => signing === undefined || signing.length >= 16, {
    path: ['secrets', 'signing'],
    error: 'the secret `signing` needs at least 16 characters',
  })
  .refine(({ secrets: { apiV3Key } }) => apiV3Key === undefined || apiV3Key.length === 32, {
    path: ['secrets', 'apiV3Key'],
    error: 'the secret `apiV3Key` has 32 characters',
  })
const agency = z.strictObject({ name, listed: z.boolean() })
const agent = z.strictObject({
  login: name,
  name,
  team: name.optional(),
  agency: name.optional(),
  certifiedUntil: localDate.optional(),
  trainedOn: localDate.optional(),
  /** How many open cases they can hold. */
  capacity: z.int().min(0).max(100_000).default(200),
  /** What they may take: languages, stages, or words of the lender's own. */
  skills: z.array(z.string().min(1).max(40)).max(50).default([]),
  active: z.boolean().default(true),
})

export const SCOPES = ['read', 'write', 'admin'] as const
const apiKey = z.strictObject({
  name,
  scopes: z.array(z.enum(SCOPES)).min(1),
  /** Given, or made once and shown once. */
  key: z.string().min(24).optional(),
})

const EVENT_NAMES: ReadonlySet<string> = new Set(
  [...Object.keys(EVENTS), ...Object.keys(SYSTEM_EVENTS)].flatMap((event) => [
    event,
    `${event.split('.')[0]}.*`,
  ]),
)
const webhook = z.strictObject({
  name,
  url: z.url({ protocol: /^https?$/ }).max(2_000),
  /** `*`, a group such as `case.*`, or names of `docs/reference/events.md`. */
  events: z
    .array(
      z
        .string()
        .refine(
          (event) => event === '*' || EVENT_NAMES.has(event),
          'expected *, a group such as case.*, or an event of docs/reference/events.md',
        ),
    )
    .min(1)
    .default(['*']),
  enabled: z.boolean().default(true),
  /** `whsec_` and 24 to 64 bytes in base64; given, or made once and shown once. */
  secret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'expected whsec_ and 24 to 64 bytes in base64')
    .optional(),
})

/** What `dunlin apply` and `PUT /settings` take (rulings 15). Applying it again changes nothing. */
export const settingsSchema = z.strictObject({
  portfolios: z.array(portfolio).default([]),
  products: z.array(product).default([]),
  accounts: z.array(account).default([]),
  agencies: z.array(agency).default([]),
  agents: z.array(agent).default([]),
  apiKeys: z.array(apiKey).default([]),
  webhooks: z.array(webhook).default([]),
})
export type Settings = z.infer<typeof settingsSchema>

/** Settings as they are read back: what is secret is left out, so that they can be applied as they are. */
export const settingsInForce = z.object({
  portfolios: z.array(z.record(z.string(), z.unknown())),
  products: z.array(z.record(z.string(), z.unknown())),
  accounts: z.array(z.record(z.string(), z.unknown())),
  agencies: z.array(z.record(z.string(), z.unknown())),
  agents: z.array(z.record(z.string(), z.unknown())),
  apiKeys: z.array(z.record(z.string(), z.unknown())),
  webhooks: z.array(z.record(z.string(), z.unknown())),
})
