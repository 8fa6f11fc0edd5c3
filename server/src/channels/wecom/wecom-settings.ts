import { z } from 'zod'

/**
 * Settings of a WeCom account (one self-built application); its secrets are
 * `{ corpSecret, callbackToken, encodingAesKey }`. Every limit has its default here.
 */
export const wecomSettings = z.strictObject({
  /** Where the vendor's API is; the sandbox's address in a demo. */
  apiUrl: z.url().default('https://qyapi.weixin.qq.com'),
  corpId: z.string().min(1).max(64),
  /** Members by the login of the agent whom each belongs to: `{ agentLogin: userid }`. */
  members: z.record(z.string(), z.string().min(1).max(64)).default({}),
  /** Customer-service accounts that this application serves, by open_kfid. */
  kfAccounts: z.array(z.string().min(1).max(64)).default([]),
  /** Permits under way at one time. */
  window: z.int().min(1).max(200).default(20),
  answerWaitMs: z.int().min(100).max(60_000).default(5_000),
  /** A token is fetched anew when this part of its life is over. */
  refreshAtPercent: z.int().min(10).max(99).default(80),
  /** Vendor's answer -1 («busy»): how often the call is made again, and how long before the first time. */
  busyTriesMax: z.int().min(0).max(10).default(3),
  busyWaitMs: z.int().min(1).max(10_000).default(200),
  /** How long an API rests after the vendor blocked it for rate: the minute block. */
  rateRestMs: z.int().min(100).max(86_400_000).default(60_000),
})

export type WecomSettings = z.infer<typeof wecomSettings>

/** The most bytes of UTF-8 in one text, by way out (vendor's pages 92135, 94677, 92137). */
export const TEXT_BYTES_MAX = { mass: 4000, kf: 2048, welcome: 4000 } as const
/** A welcome code lives this long and serves once. */
export const WELCOME_LIFE_MS = 20_000
