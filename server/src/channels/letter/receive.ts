import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database } from '../../platform/db/index.ts'
import type { InboundHandlers, ProviderReceipt } from '../inbound.ts'
import { permitOfNumber } from './letter-store.ts'
import { type LetterReturn, readReturns } from './read-returns.ts'
import { serialOf } from './tracking.ts'

/** Receipts in one transaction. */
const BATCH = 500
const LINES = { delivered: 'delivered', returned: 'failed', refused: 'failed' } as const

type Inbox = {
  readonly folder: string
  readonly accountId: string
  readonly handlers: InboundHandlers
  readonly db: Database
}

/**
 * Takes what came back into `in/`: each file is stored first and only then moved to `in/done/`, with its unread
 * lines beside it, so that one which the process died on is read once more and counted once.
 */
export async function takeReturns(given: Inbox): Promise<number> {
  const inbox = join(given.folder, 'in')
  const names = (await readdir(inbox).catch(() => [])).filter((name) => name.endsWith('.csv'))
  for (const name of names.sort()) {
    const { returns, problems } = readReturns(await readFile(join(inbox, name), 'utf8'))
    for (let from = 0; from < returns.length; from += BATCH) {
      const receipts = returns.slice(from, from + BATCH).map((each) => toReceipt(each, given))
      await given.handlers.onReceipts(receipts)
    }
    for (const each of returns) if (each.state === 'returned') await tellReturn(each, given)
    const done = join(inbox, 'done')
    await mkdir(done, { recursive: true })
    if (problems.length > 0)
      await writeFile(join(done, `${name}.problems`), `${problems.join('\n')}\n`)
    await rename(join(inbox, name), join(done, name))
  }
  return names.length
}

function toReceipt(
  { reference, state, at, reason }: LetterReturn,
  { accountId }: { accountId: string },
): ProviderReceipt {
  const detail = reason === '' ? state : `${state}: ${reason}`
  return { accountId, providerMessageId: reference, line: LINES[state], detail, at }
}

/** An address that the post gave a letter back from is no address: the gate refuses it from now on. */
async function tellReturn(
  { reference, at, reason }: LetterReturn,
  { accountId, handlers, db }: Inbox,
): Promise<void> {
  const number = serialOf(reference)
  const permitId = number === null ? reference : await permitOfNumber(db, { accountId, number })
  if (permitId === null) return
  await handlers.onInbound({
    ...{ kind: 'bounce', channel: 'letter', accountId, at, permitId, raw: '' },
    ...{ dedupeKey: `returned ${reference}`, severity: 'hard', isFinal: false },
    ...{ status: 'returned', diagnostic: reason, messageId: reference },
  })
}
