import { z } from 'zod'

const PUBLIC_KEY = 'PUB_KEY_ID_'

/** What an account of WeChat Pay is told in its `settings`. */
export const wechatPaySettings = z
  .strictObject({
    apiUrl: z.url().default('https://api.mch.weixin.qq.com'),
    /** The official account or mini-program that the merchant is bound to. */
    appId: z.string().min(1).max(32),
    merchantId: z.string().regex(/^\d{8,12}$/, 'expected the merchant’s number'),
    /** Serial of the merchant’s API certificate, upper-case hex. */
    merchantSerial: z.string().regex(/^[0-9A-F]{2,64}$/, 'expected upper-case hex'),
    /** The platform’s public key from the merchant’s portal; without it certificates are fetched. */
    publicKeyId: z.string().startsWith(PUBLIC_KEY).optional(),
    publicKey: z.string().includes('BEGIN PUBLIC KEY').optional(),
    /** Whether platform certificates are fetched and believed; needed until a migration to the public key ends. */
    usesCertificates: z.boolean().optional(),
    /** Where the platform pushes callbacks: `/callbacks/wechat-pay/NAME` of ours, no query. */
    notifyUrl: z.url().refine((url) => !url.includes('?'), 'a callback address has no query'),
    answerWaitMs: z.int().min(100).max(30_000).default(5_000),
    /** How often certificates are fetched again. */
    certificateMs: z.int().min(1_000).max(43_200_000).default(3_600_000),
    /** How long an order may be paid. */
    orderMinutes: z.int().min(1).max(120).default(30),
  })
  .refine((each) => (each.publicKeyId === undefined) === (each.publicKey === undefined), {
    path: ['publicKey'],
    error: 'give the public key and its id together',
  })
  .refine((each) => each.publicKey !== undefined || each.usesCertificates !== false, {
    path: ['usesCertificates'],
    error: 'without a public key the certificates are all there is to believe',
  })
export type WechatPaySettings = z.infer<typeof wechatPaySettings>

/** Its secrets, sealed: the merchant’s private key (PEM) and the APIv3 key. */
export const wechatPaySecrets = z.object({
  merchantKey: z.string().includes('PRIVATE KEY'),
  apiV3Key: z.string().length(32),
})
