import type { Settings } from '@dunlin/contract'
import { termsOf } from '../channels/limits.ts'
import type { Database, Sql, Tx } from '../platform/db/index.ts'

/** Settings that contradict themselves or what is stored; nothing of them was applied. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
  /** The part of the settings that is meant. */
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

export async function upsertPortfolio(
  tx: Tx,
  given: Settings['portfolios'][number],
): Promise<void> {
  await tx.run(
    `insert into portfolio (name, lender, country, currency, zones, packs, overlay, holidays, collector_role, language,
       strategy, contact_line, complaint_line, transfer_bank, transfer_name, transfer_account)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
     on conflict (name) do update set lender = excluded.lender, country = excluded.country, currency = excluded.currency,
       zones = excluded.zones, packs = excluded.packs, overlay = excluded.overlay, holidays = excluded.holidays,
       collector_role = excluded.collector_role, language = excluded.language, strategy = excluded.strategy,
       contact_line = excluded.contact_line, complaint_line = excluded.complaint_line,
       transfer_bank = excluded.transfer_bank, transfer_name = excluded.transfer_name,
       transfer_account = excluded.transfer_account`,
    [
      given.name,
      given.lender,
      given.country,
      given.currency,
      given.zones,
      given.packs,
      given.overlay,
      given.holidays,
      given.collectorRole,
      given.language,
      given.strategy,
      given.contactLine,
      given.complaintLine,
      given.transferTo?.bank ?? null,
      given.transferTo?.name ?? null,
      given.transferTo?.account ?? null,
    ],
  )
}

/** Throws when the portfolio is unknown: a product belongs to one. */
export async function upsertProduct(tx: Tx, given: Settings['products'][number]): Promise<void> {
  const touched = await tx.run(
    `insert into product (portfolio_id, name, options) select portfolio_id, $2, $3 from portfolio where name = $1
     on conflict (portfolio_id, name) do update set options = excluded.options`,
    [given.portfolio, given.name, JSON.stringify(given.options)],
  )
  if (touched === 0)
    throw new SettingsError(
      'products',
      `product ${given.name}: there is no portfolio ${given.portfolio}`,
    )
}

export async function upsertAccount(
  tx: Tx,
  given: Settings['accounts'][number],
  sealedSecrets: Buffer | null,
): Promise<void> {
  await tx.run(
    `insert into provider_account (name, channel, adapter, settings, sealed_secrets, collection_content, is_enabled,
       service_content, one_time_codes, cost_per_thousand_minor, cost_currency)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     on conflict (name) do update set channel = excluded.channel, adapter = excluded.adapter, settings = excluded.settings,
       sealed_secrets = coalesce(excluded.sealed_secrets, provider_account.sealed_secrets),
       collection_content = excluded.collection_content, is_enabled = excluded.is_enabled,
       service_content = excluded.service_content, one_time_codes = excluded.one_time_codes,
       cost_per_thousand_minor = excluded.cost_per_thousand_minor, cost_currency = excluded.cost_currency`,
    [
      given.name,
      given.channel,
      given.adapter,
      JSON.stringify(given.settings),
      sealedSecrets,
      given.collectionContent,
      given.enabled,
      given.serviceContent,
      given.oneTimeCodes,
      given.cost?.perThousandMinor ?? null,
      given.cost?.currency ?? null,
    ],
  )
}

export async function upsertAgency(tx: Tx, given: Settings['agencies'][number]): Promise<void> {
  await tx.run(
    `insert into agency (name, is_listed) values ($1, $2) on conflict (name) do update set is_listed = excluded.is_listed`,
    [given.name, given.listed],
  )
}

export async function upsertAgent(tx: Tx, given: Settings['agents'][number]): Promise<void> {
  if (given.team !== undefined) {
    await tx.run('insert into team (name) values ($1) on conflict (name) do nothing', [given.team])
  }
  await tx.run(
    `insert into agent (login, display_name, team_id, agency_id, certified_until_on, trained_on, capacity, skills, is_active)
     select $1, $2, (select team_id from team where name = $3), (select agency_id from agency where name = $4), $5, $6, $7, $8, $9
     on conflict (login) do update set display_name = excluded.display_name, team_id = excluded.team_id,
       agency_id = excluded.agency_id, certified_until_on = excluded.certified_until_on, trained_on = excluded.trained_on,
       capacity = excluded.capacity, skills = excluded.skills, is_active = excluded.is_active`,
    [
      given.login,
      given.name,
      given.team ?? null,
      given.agency ?? null,
      given.certifiedUntil ?? null,
      given.trainedOn ?? null,
      given.capacity,
      given.skills,
      given.active,
    ],
  )
}

/** True when the key is new. A key given by the operator replaces the stored one; a made one never does. */
export async function upsertApiKey(
  tx: Tx,
  row: { name: string; scopes: readonly string[]; keyHash: Buffer; createdAt: string },
  isGiven: boolean,
): Promise<boolean> {
  const taken = await tx.query<{ name: string }>(
    'select name from api_key where key_hash = $1 and name <> $2',
    [row.keyHash, row.name],
  )
  if (taken.length > 0)
    throw new SettingsError('apiKeys', `the key of ${row.name} belongs to another name already`)
  const values = [row.name, row.scopes, row.keyHash, row.createdAt]
  const inserted = await tx.run(
    `insert into api_key (name, scopes, key_hash, created_at) values ($1, $2, $3, $4) on conflict (name) do nothing`,
    values,
  )
  if (inserted > 0) return true
  await tx.run(
    `update api_key set scopes = $2, key_hash = case when $3 then $4 else key_hash end where name = $1`,
    [row.name, row.scopes, isGiven, row.keyHash],
  )
  return false
}

/** The key of a hash, unless it was revoked. */
export async function findApiKey(
  db: Database,
  keyHash: Buffer,
): Promise<{ name: string; scopes: string[] } | null> {
  const [row] = await db.query<{ name: string; scopes: string[] }>(
    'select name, scopes from api_key where key_hash = $1 and revoked_at is null',
    [keyHash],
  )
  return row ?? null
}

export type AccountRow = {
  readonly accountId: string
  readonly name: string
  readonly channel: 'sms' | 'email' | 'wecom' | 'letter' | 'robot-call'
  readonly adapter:
    | 'smpp'
    | 'cmpp'
    | 'aliyun-sms'
    | 'tencent-sms'
    | 'smtp'
    | 'wecom'
    | 'letter'
    | 'freeswitch'
    | 'sink'
  readonly settings: unknown
  readonly sealedSecrets: Buffer | null
  readonly collectionContent: boolean
  readonly serviceContent: boolean
  readonly oneTimeCodes: boolean
  /** What a thousand parts cost; null when nobody said. */
  readonly cost: { readonly perThousandMinor: bigint; readonly currency: string } | null
}

/** Accounts that messages go through, in order of id. */
export async function listAccounts(db: Database): Promise<AccountRow[]> {
  const rows = await db.query<{
    provider_account_id: string
    name: string
    channel: AccountRow['channel']
    adapter: AccountRow['adapter']
    settings: unknown
    sealed_secrets: Buffer | null
    collection_content: boolean
    service_content: boolean
    one_time_codes: boolean
    cost_per_thousand_minor: string | null
    cost_currency: string | null
  }>(
    `select * from provider_account where is_enabled and channel <> 'payment' order by provider_account_id`,
  )
  return rows.map((row) => ({
    accountId: row.provider_account_id,
    name: row.name,
    channel: row.channel,
    adapter: row.adapter,
    settings: row.settings,
    sealedSecrets: row.sealed_secrets,
    ...mayCarry(row),
    cost: costOf(row),
  }))
}

/** An account carries what it and its adapter's terms allow both. */
function mayCarry(row: {
  adapter: string
  collection_content: boolean
  service_content: boolean
  one_time_codes: boolean
}): Pick<AccountRow, 'collectionContent' | 'serviceContent' | 'oneTimeCodes'> {
  const { content } = termsOf(row.adapter)
  return {
    collectionContent: row.collection_content && content.includes('collection'),
    serviceContent: row.service_content && content.includes('service'),
    oneTimeCodes: row.one_time_codes && content.includes('code'),
  }
}

function costOf(row: {
  cost_per_thousand_minor: string | null
  cost_currency: string | null
}): AccountRow['cost'] {
  const { cost_per_thousand_minor: minor, cost_currency: currency } = row
  return minor === null || currency === null ? null : { perThousandMinor: BigInt(minor), currency }
}

/**
 * What is in force, in the form in which settings are applied: secrets and keys are never shown, and come
 * back as nothing. `exclusive` keeps others from applying settings until the transaction ends.
 */
export async function readSettings(
  sql: Sql,
  { exclusive }: { exclusive: boolean },
): Promise<Record<string, unknown>> {
  if (exclusive) await sql.run('select pg_advisory_xact_lock($1)', [SETTINGS_LOCK])
  const [row] = await sql.query<{ settings: Record<string, unknown> }>(SETTINGS)
  return row?.settings ?? {}
}

const SETTINGS_LOCK = 4_707_005
const SETTINGS = `select json_build_object(
  'portfolios', (select coalesce(json_agg(jsonb_build_object('name', name, 'lender', lender, 'country', country,
     'currency', currency, 'zones', zones, 'packs', packs, 'overlay', overlay, 'holidays', holidays,
     'collectorRole', collector_role, 'language', language, 'strategy', strategy, 'contactLine', contact_line,
     'complaintLine', complaint_line) || case when transfer_account is null then '{}' else jsonb_build_object('transferTo',
     jsonb_build_object('bank', transfer_bank, 'name', transfer_name, 'account', transfer_account)) end
     order by name), '[]') from portfolio),
  'products', (select coalesce(json_agg(json_build_object('portfolio', p.name, 'name', d.name, 'options', d.options)
     order by p.name, d.name), '[]') from product d join portfolio p using (portfolio_id)),
  'accounts', (select coalesce(json_agg(jsonb_build_object('name', name, 'channel', channel, 'adapter', adapter,
     'collectionContent', collection_content, 'serviceContent', service_content, 'oneTimeCodes', one_time_codes,
     'enabled', is_enabled, 'settings', settings) || case when cost_currency is null then '{}' else
     jsonb_build_object('cost', jsonb_build_object('perThousandMinor', cost_per_thousand_minor, 'currency', cost_currency))
     end order by name), '[]')
     from provider_account),
  'agencies', (select coalesce(json_agg(json_build_object('name', name, 'listed', is_listed) order by name), '[]') from agency),
  'agents', (select coalesce(json_agg(json_strip_nulls(json_build_object('login', a.login, 'name', a.display_name,
     'team', t.name, 'agency', g.name, 'certifiedUntil', a.certified_until_on, 'trainedOn', a.trained_on,
     'capacity', a.capacity, 'skills', a.skills, 'active', a.is_active)) order by a.login), '[]')
     from agent a left join team t using (team_id) left join agency g on g.agency_id = a.agency_id),
  'apiKeys', (select coalesce(json_agg(json_build_object('name', name, 'scopes', scopes) order by name), '[]')
     from api_key where revoked_at is null),
  'webhooks', (select coalesce(json_agg(json_build_object('name', name, 'url', url, 'events', events,
     'enabled', is_enabled and disabled_at is null) order by name), '[]') from webhook_endpoint)) as settings`
