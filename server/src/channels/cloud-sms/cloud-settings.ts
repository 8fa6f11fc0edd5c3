import { z } from 'zod'

const shared = {
  /** Where the API answers; another address is for tests. */
  apiUrl: z.url().optional(),
  /** The approved signature, without its brackets. */
  signName: z.string().min(1).max(20),
  /**
   * Approved templates word for word, variables as `${name}` (Aliyun) or `{1}` (Tencent). A text that none
   * of them gives exactly is not sent: what the gate judged is what the phone shows.
   */
  templates: z
    .array(z.strictObject({ code: z.string().min(1).max(40), text: z.string().min(1).max(500) }))
    .max(500)
    .default([]),
  /** Requests without an answer at one time. */
  window: z.int().min(1).max(500).default(20),
  answerWaitMs: z.int().min(100).max(60_000).default(10_000),
  /** Addresses that callbacks may come from; empty for any. */
  callbackFrom: z.array(z.string()).max(100).default([]),
}

/** Settings of an Aliyun SMS account; its secrets are `{ keyId, keySecret, callbackToken }`. */
export const aliyunSettings = z.strictObject({
  ...shared,
  regionId: z.string().default('cn-hangzhou'),
})
/** Settings of a Tencent Cloud SMS account; its secrets are `{ keyId, keySecret, callbackToken }`. */
export const tencentSettings = z.strictObject({
  ...shared,
  appId: z.string().min(1),
  region: z.string().default('ap-guangzhou'),
})
export const cloudSecrets = z.strictObject({
  keyId: z.string().min(1),
  keySecret: z.string().min(1),
  /** The unguessable part of the callback's address: callbacks of these vendors carry no signature. */
  callbackToken: z.string().regex(/^[A-Za-z0-9_-]{20,}$/, 'at least 20 letters and digits'),
})

export type AliyunSettings = z.infer<typeof aliyunSettings>
export type TencentSettings = z.infer<typeof tencentSettings>
export type CloudSecrets = z.infer<typeof cloudSecrets>
