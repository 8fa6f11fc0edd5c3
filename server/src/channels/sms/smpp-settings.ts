import { z } from 'zod'

/** Settings of an SMPP provider account; its secret is `{ password }`. Every limit has its default here. */
export const smppSettings = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(2775),
  tls: z.boolean().default(false),
  systemId: z.string().min(1).max(15),
  systemType: z.string().max(12).default(''),
  /** The number that borrowers see and answer to (106…). */
  sourceAddress: z.string().min(1).max(20),
  sourceTon: z.int().min(0).max(6).default(0),
  sourceNpi: z.int().min(0).max(18).default(1),
  destinationTon: z.int().min(0).max(6).default(1),
  destinationNpi: z.int().min(0).max(18).default(1),
  /** `ucs2` sends everything as UCS-2, as mainland carriers bill it; `any` uses GSM 03.38 where it can. */
  alphabet: z.enum(['ucs2', 'any']).default('any'),
  /** How receipts write the id of the answer. */
  receiptId: z
    .enum(['same', 'answer-hex-receipt-decimal', 'answer-decimal-receipt-hex'])
    .default('same'),
  /** Binds that are held at one time. */
  connections: z.int().min(1).max(16).default(1),
  /** Submits without an answer at one time, of each bind. */
  window: z.int().min(1).max(1000).default(50),
  answerWaitMs: z.int().min(100).max(600_000).default(30_000),
  connectWaitMs: z.int().min(100).max(60_000).default(5_000),
  enquireLinkMs: z.int().min(100).max(600_000).default(30_000),
  reconnectFirstMs: z.int().min(10).max(60_000).default(250),
  reconnectMaxMs: z.int().min(10).max(600_000).default(30_000),
  throttleFirstMs: z.int().min(10).max(60_000).default(500),
  throttleMaxMs: z.int().min(10).max(600_000).default(15_000),
  /** Refusals for throttling after which a submit is given back unsent. */
  throttlesMax: z.int().min(0).max(100).default(10),
})

export type SmppSettings = z.infer<typeof smppSettings>
