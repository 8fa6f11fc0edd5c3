import { z } from 'zod'

/** Settings of a CMPP provider account; its secret is `{ password }`. Every limit has its default here. */
export const cmppSettings = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(7890),
  version: z.enum(['2.0', '3.0']).default('2.0'),
  /** Source_Addr: the SP id, also Msg_src. */
  sourceAddress: z.string().regex(/^[\x21-\x7e]{1,6}$/, 'at most 6 characters'),
  /** The access number that borrowers see and answer to (106…), with its extension. */
  accessNumber: z.string().regex(/^\d{3,21}$/, 'at most 21 digits'),
  serviceId: z.string().max(10).default(''),
  /** How the phone is written: `86` before it, or without. */
  hasCountryCode: z.boolean().default(false),
  /** `ucs2` for everything; `gbk` for everything; `any` writes pure ASCII as ASCII and the rest as UCS-2. */
  alphabet: z.enum(['ucs2', 'gbk', 'any']).default('ucs2'),
  /** Whether the gateway must prove that it knows the secret. */
  checksGateway: z.boolean().default(true),
  /** Connections that are held at one time. */
  connections: z.int().min(1).max(16).default(1),
  /** Submits without an answer on one connection. The specification recommends 16. */
  window: z.int().min(1).max(1000).default(16),
  /** T of the specification: after it a submit without an answer is unknown. It is not sent again. */
  answerWaitMs: z.int().min(100).max(600_000).default(60_000),
  connectWaitMs: z.int().min(100).max(60_000).default(5_000),
  /** C of the specification: how often the line is tested. */
  activeTestMs: z.int().min(50).max(600_000).default(180_000),
  reconnectFirstMs: z.int().min(10).max(60_000).default(250),
  reconnectMaxMs: z.int().min(10).max(600_000).default(30_000),
  throttleFirstMs: z.int().min(10).max(60_000).default(500),
  throttleMaxMs: z.int().min(10).max(600_000).default(15_000),
  /** Refusals for flow control after which a submit is given back unsent. */
  throttlesMax: z.int().min(0).max(100).default(10),
})

export type CmppSettings = z.infer<typeof cmppSettings>
