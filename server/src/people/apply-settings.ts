import { randomBytes } from 'node:crypto'
import type { Settings } from '@dunlin/contract'
import { formatInstant, type Instant } from '@dunlin/kernel'
import { termsOf } from '../channels/limits.ts'
import type { Database, Tx } from '../platform/db/index.ts'
import { tellSystem } from '../platform/events/index.ts'
import type { Sealer } from '../platform/seal/index.ts'
import { hasEndpoint, isSecret, newSecret, upsertEndpoint } from '../platform/webhooks/index.ts'
import {
  readSettings,
  SettingsError,
  upsertAccount,
  upsertAgency,
  upsertAgent,
  upsertApiKey,
  upsertPortfolio,
  upsertProduct,
} from './people-store.ts'

export type Applied = {
  /** Keys and secrets of webhooks made now: shown once, kept only as a hash, or sealed. */
  readonly newKeys: readonly { readonly name: string; readonly key: string }[]
}

const KEY_BYTES = 24

/** Brings portfolios, products, accounts, agencies, agents, keys and webhooks to what the settings say, in one transaction. */
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
    await inTurn(settings.accounts, (account) => {
      assertTerms(account)
      return upsertAccount(tx, account, sealSecrets(account.secrets, sealer))
    })
    await inTurn(settings.agencies, (agency) => upsertAgency(tx, agency))
    await inTurn(settings.agents, (agent) => upsertAgent(tx, agent))
    const newKeys = [
      ...(await applyKeys(tx, settings, { sealer, at })),
      ...(await applyWebhooks(tx, settings, sealer)),
    ]
    const parts = Object.entries(settings).map(([part, items]) => [part, items.length] as const)
    const payload = { parts: Object.fromEntries(parts) }
    await tellSystem(tx, { name: 'settings.applied', payload }, at)
    return { newKeys }
  })
}

async function inTurn<T>(items: readonly T[], apply: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await apply(item)
}

/** An account cannot promise what its provider's terms forbid: the gate would believe it. */
function assertTerms({ name, adapter, collectionContent }: Settings['accounts'][number]): void {
  if (!collectionContent || adapter === 'webhook') return
  const { content, contentSource } = termsOf(adapter)
  if (content.includes('collection')) return
  const where =
    contentSource === undefined ? '' : ` (${contentSource.source}, ${contentSource.asOf})`
  throw new SettingsError(
    'accounts',
    `account ${name}: the terms of ${adapter} forbid collection content${where}; set collectionContent to false`,
  )
}

function sealSecrets(secrets: Readonly<Record<string, string>>, sealer: Sealer): Buffer | null {
  return Object.keys(secrets).length === 0 ? null : sealer.seal(JSON.stringify(secrets))
}

/** A webhook without a secret gets one made for it. */
async function applyWebhooks(
  tx: Tx,
  { webhooks }: Settings,
  sealer: Sealer,
): Promise<Applied['newKeys']> {
  const made: { name: string; key: string }[] = []
  for (const { secret, ...webhook } of webhooks) {
    if (secret !== undefined && !isSecret(secret))
      throw new SettingsError(
        'webhooks',
        `webhook ${webhook.name}: the secret has not 24 to 64 bytes`,
      )
    const isNew = !(await hasEndpoint(tx, webhook.name))
    const key = secret ?? (isNew ? newSecret() : null)
    await upsertEndpoint(tx, { ...webhook, sealedSecret: key === null ? null : sealer.seal(key) })
    if (key !== null && secret === undefined) made.push({ name: `webhook ${webhook.name}`, key })
  }
  return made
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
