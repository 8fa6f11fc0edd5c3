import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Clock, required } from '@dunlin/kernel'
import type { Channel, ProviderAccount } from './channels/channel.ts'
import type { InboundHandlers } from './channels/inbound.ts'
import { letterSettings } from './channels/letter/letter-settings.ts'
import { takeReturns } from './channels/letter/receive.ts'
import { createLetterChannel } from './channels/letter/send.ts'
import type { Database } from './platform/db/index.ts'
import type { Chore } from './wire-wecom.ts'

/** A print house tells once a day or so. */
const RETURNS_MS = 5_000

type OpenLetter = {
  readonly account: ProviderAccount
  readonly channel: Channel
  readonly health: () => Readonly<Record<string, string | number | boolean | null>>
  readonly mailboxes: null
  readonly chores: readonly Chore[]
  readonly probe: () => Promise<{ isOk: boolean; detail: string }>
}

/** Opens a letter account: its folder, and the work on what comes back. */
export function openLetter(given: {
  readonly row: { readonly settings: unknown }
  readonly account: ProviderAccount
  readonly world: {
    readonly clock: Clock
    readonly handlers: InboundHandlers | null
    readonly db?: Database
  }
}): OpenLetter {
  const { row, account, world } = given
  const settings = letterSettings.parse(row.settings)
  const { folder } = settings
  const { accountId } = account
  const { clock, handlers } = world
  const db = required(world.db, 'database of a letter account')
  const channel = createLetterChannel({ account, settings, db, clock })
  const chores: Chore[] = []
  if (handlers !== null) {
    const work = () => takeReturns({ folder, accountId, handlers, db })
    chores.push({ name: `returns ${account.name}`, pauseMs: RETURNS_MS, work })
  }
  return {
    account,
    channel,
    health: channel.health,
    mailboxes: null,
    chores,
    probe: () => probeFolder(folder, settings.seal),
  }
}

async function probeFolder(
  folder: string,
  seal: string | null,
): Promise<{ isOk: boolean; detail: string }> {
  try {
    for (const name of ['out', 'in']) {
      await mkdir(join(folder, name), { recursive: true, mode: 0o700 })
      await access(join(folder, name), constants.W_OK)
    }
    if (seal !== null) await access(seal, constants.R_OK)
    return { isOk: true, detail: 'its folder can be written, its seal read' }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    return { isOk: false, detail: `folder or seal: ${code}` }
  }
}
