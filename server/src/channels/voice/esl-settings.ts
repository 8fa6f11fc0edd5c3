import { z } from 'zod'

/** Where a FreeSWITCH listens for commands, and how long it is waited for. Its secret is `{ password }`. */
export const eslSettings = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(8021),
  /** From connecting to the subscription of events. */
  connectWaitMs: z.int().min(100).max(60_000).default(5_000),
  /** For the reply to a command; silence after it costs the connection, since replies come in order. */
  answerWaitMs: z.int().min(100).max(60_000).default(10_000),
  /** FreeSWITCH beats every 20 s; a line that says nothing for this long is taken for dead. */
  silenceMaxMs: z.int().min(100).max(600_000).default(50_000),
  reconnectFirstMs: z.int().min(10).max(60_000).default(250),
  reconnectMaxMs: z.int().min(10).max(600_000).default(30_000),
})

export type EslSettings = z.infer<typeof eslSettings>
