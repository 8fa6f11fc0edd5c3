import { randomBytes } from 'node:crypto'
import type { Settings } from '@dunlin/contract'
import { formatInstant, type Instant } from '@dunlin/kernel'
import type { Database, Tx } from '../platform/db/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import {
  readSettings,
  upsertAccount,
  upsertAgency,
  upsertAgent,
  upsertApiKey,
  upsertPortfolio,
  upsertProduct,
} from './people-store.ts'

export type Applied = {
  /** Keys made now: shown once, kept only as a hash. */
  readonly newKeys: readonly { readonly name: string; readonly key: string }[]
}

const KEY_BYTES = 24

/** Brings portfolios, products, accounts, agencies, agents and keys to what the settings say, in one transaction. */
export async function applySettings(
  db: Database,
  settings: Settings,
  {
    sealer,
    at,
    expects,
  }: {
    sealer: Sealer
    at: Instant
    /** Looks at what is in force, which nobody else changes meanwhile; throws when that is not what it expects. */
    expects?: (current: Record<string, unknown>) => void
  },
): Promise<Applied> {
  return db.transaction(async (tx) => {
    const current = await readSettings(tx, { exclusive: true })
    expects?.(current)
    await inTurn(settings.portfolios, (portfolio) => upsertPortfolio(tx, portfolio))
    await inTurn(settings.products, (product) => upsertProduct(tx, product))
    await inTurn(settings.accounts, (account) =>
      upsertAccount(tx, account, sealSecrets(account.secrets, sealer)),
    )
    await inTurn(settings.agencies, (agency) => upsertAgency(tx, agency))
    await inTurn(settings.agents, (agent) => upsertAgent(tx, agent))
    return { newKeys: await applyKeys(tx, settings, { sealer, at }) }
  })
}

async function inTurn<T>(items: readonly T[], apply: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await apply(item)
}

function sealSecrets(secrets: Readonly<Record<string, string>>, sealer: Sealer): Buffer | null {
  return Object.keys(secrets).length === 0 ? null : sealer.seal(JSON.stringify(secrets))
}

async function applyKeys(
  tx: Tx,
  { apiKeys }: Settings,
  { sealer, at }: { sealer: Sealer; at: Instant },
): Promise<Applied['newKeys']> {
  const made: { name: string; key: string }[] = []
  for (const { name, scopes, key: given } of apiKeys) {
    const key = given ?? `dk_${randomBytes(KEY_BYTES).toString('base64url')}`
    const row = { name, scopes, keyHash: sealer.hash('api_key', key), createdAt: formatInstant(at) }
    const isNew = await upsertApiKey(tx, row, given !== undefined)
    if (isNew && given === undefined) made.push({ name, key })
  }
  return made
}
