import { z } from 'zod'
import { takeForever } from '../../server/src/test-mailbox.ts'

// One process that takes mail out of a mailbox, to be killed.
const { url, imapPort, imap } = z
  .object({ url: z.string(), imapPort: z.number(), imap: z.record(z.string(), z.unknown()) })
  .parse(JSON.parse(process.argv[2] ?? ''))
await takeForever(url, { imapPort, imap })
