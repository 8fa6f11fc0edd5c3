import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { settingsSchema } from '@dunlin/contract'
import {
  addDays,
  formatInstant,
  type Instant,
  instant,
  instantsOfLocal,
  localDay,
  required,
  zoneNamed,
} from '@dunlin/kernel'
import { parse } from 'yaml'
import { z } from 'zod'
import { makePortalUrl } from './channels/portal-token.ts'
import { writeDemoBook } from './demo-book.ts'
import { demoWechatPayFile, makeDemoWechatPay } from './demo-wechat-pay.ts'
import { importFile } from './loanbook/index.ts'
import { addStaff, applySettings, listStaff, type StaffGiven } from './people/index.ts'
import { openAuth, readAuthSecret } from './platform/auth/index.ts'
import { systemClock } from './platform/clock.ts'
import { type Config, homePaths } from './platform/config/index.ts'
import { type Database, migrate, openDatabase } from './platform/db/index.ts'
import { openSealer } from './platform/seal/index.ts'

/** What the supervisor needs to run the sandbox world. */
export type Demo = {
  readonly book: string
  /** Keys and port of the sandbox's WeChat Pay. */
  readonly wechatPay: string
  readonly sandboxKey: string
  readonly operatorKey: string
  /** Of everybody who signs in to the demo; random per installation. */
  readonly password: string
  readonly logins: readonly string[]
  /** The page of a made-up borrower whose payment is late. */
  readonly portalLink: string
  /** What the sandbox's clock shows at first. */
  readonly startAt: string
  readonly rate: number
}

const SETTINGS = join(import.meta.dirname, '../../demo/settings.yaml')
const ZONE = 'Asia/Shanghai'
/** A minute of the wall is half an hour of the demo: its first working day is over in twenty minutes. */
const RATE = 30
const LOCAL = 'http://localhost'
const FIRST_MS = (9 * 60 + 50) * 60_000
const keysSchema = z.object({ sandbox: z.string(), operator: z.string(), password: z.string() })
const clockSchema = z.object({ epochMs: z.number() })

/**
 * Migrates, and on the first start of a demo loads its settings and made-up book. Null when this
 * installation is not a demo. A database that holds a real book never becomes one (rulings 3).
 */
export async function prepareDemo(
  config: Config,
  { databaseUrl, isWanted }: { databaseUrl: string; isWanted: boolean },
): Promise<Demo | null> {
  const db = openDatabase({ url: databaseUrl, connectionsMax: 2 })
  try {
    await migrate(db)
    const now = systemClock().now()
    const isDemo = await markInstallation(db, { isWanted, at: now })
    if (!isDemo) return null
    const folder = homePaths(config.home).demo
    const keys = await readKeys(folder)
    const startAt = await firstInstant(config.home, now)
    const book = join(folder, 'loans.csv')
    const [found] = await db.query('select 1 from portfolio limit 1')
    if (found === undefined) await loadBook(db, config, { keys, startAt })
    await addDemoStaff(db, config, { password: keys.password, at: now })
    return {
      book,
      wechatPay: demoWechatPayFile(folder),
      sandboxKey: keys.sandbox,
      operatorKey: keys.operator,
      password: keys.password,
      logins: DEMO_STAFF.map(({ email }) => email),
      portalLink: await linkToSomebody(db, config, startAt),
      startAt: formatInstant(startAt),
      rate: RATE,
    }
  } finally {
    await db.close()
  }
}

async function linkToSomebody(db: Database, config: Config, at: Instant): Promise<string> {
  const sealer = await openSealer(homePaths(config.home).sealKeys)
  const [late] = await db.query<{ borrower_id: string }>(
    'select borrower_id from loan where oldest_unpaid_due_on is not null order by loan_id limit 1',
  )
  const publicUrl = `${LOCAL}:${config.port}`
  return makePortalUrl(sealer, { publicUrl, borrowerId: late?.borrower_id ?? '0', at })
}

/** Whether this installation is a demo: said once, when it is empty, and never changed. */
export async function markInstallation(
  db: Database,
  { isWanted, at }: { isWanted: boolean; at: Instant },
): Promise<boolean> {
  const [stored] = await db.query<{ is_demo: boolean }>('select is_demo from installation')
  if (stored !== undefined) return stored.is_demo && isWanted
  const [book] = await db.query('select 1 from portfolio limit 1')
  if (book !== undefined && isWanted)
    throw new Error('a demo starts on an empty database only; this one holds a book')
  await db.run('insert into installation (is_demo, created_at) values ($1, $2)', [
    isWanted,
    formatInstant(at),
  ])
  return isWanted
}

async function loadBook(
  db: Database,
  config: Config,
  { keys, startAt }: { keys: z.infer<typeof keysSchema>; startAt: Instant },
): Promise<void> {
  const paths = homePaths(config.home)
  const sealer = await openSealer(paths.sealKeys)
  const settings = settingsSchema.parse(parse(await readFile(SETTINGS, 'utf8')))
  const withKeys = settings.apiKeys.map((each) => ({
    ...each,
    key: each.name === 'sandbox' ? keys.sandbox : keys.operator,
  }))
  const ports = new Map<string, number>(Object.entries({ ...config.sandboxPorts }))
  const accounts = settings.accounts.map((each) => ({
    ...each,
    settings: { ...each.settings, port: ports.get(each.adapter) ?? each.settings.port },
  }))
  const pay = await makeDemoWechatPay(paths.demo, {
    port: config.sandboxPorts['wechat-pay'],
    productPort: config.port,
  })
  const given = { ...settings, accounts: [...accounts, pay], apiKeys: withKeys }
  await applySettings(db, given, { sealer, at: startAt })
  const asOf = addDays(localDay(required(zoneNamed(ZONE), ZONE), startAt), -1)
  const files = await writeDemoBook(paths.demo, { asOf, seed: 1 })
  for (const kind of ['loans', 'schedule'] as const) {
    await importFile({
      db,
      sealer,
      kind,
      file: files[kind],
      portfolio: 'demo',
      at: startAt,
      rejectFolder: paths.rejects,
    })
  }
}

const DEMO_STAFF = [
  { email: 'agent@example.com', name: '演示催收员', roles: ['agent'], agentLogin: 'agent1' },
  { email: 'manager@example.com', name: '演示经理', roles: ['manager', 'team-lead'] },
  { email: 'compliance@example.com', name: '演示合规', roles: ['compliance', 'qa'] },
  { email: 'admin@example.com', name: '演示管理员', roles: ['administrator', 'integrator'] },
] as const satisfies readonly Omit<StaffGiven, 'password'>[]

/** People of the demo, one for each kind of work; made once. */
async function addDemoStaff(
  db: Database,
  config: Config,
  { password, at }: { password: string; at: Instant },
): Promise<void> {
  if ((await listStaff(db)).length > 0) return
  const secret = await readAuthSecret(homePaths(config.home).authSecret)
  const auth = openAuth({ databaseUrl: db.url, secret, origins: [LOCAL], oidc: null })
  try {
    for (const person of DEMO_STAFF)
      await addStaff(db, auth, { given: { ...person, password }, at })
  } finally {
    await auth.close()
  }
}

/** Random per installation, kept beside the data for later starts. */
async function readKeys(folder: string): Promise<z.infer<typeof keysSchema>> {
  const path = join(folder, 'keys.json')
  const stored = await readFile(path, 'utf8').catch(() => null)
  if (stored !== null) return keysSchema.parse(JSON.parse(stored))
  const fresh = () => `dk_${randomBytes(24).toString('base64url')}`
  const password = randomBytes(9).toString('base64url')
  const keys = { sandbox: fresh(), operator: fresh(), password }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await writeFile(path, JSON.stringify(keys), { mode: 0o600 })
  return keys
}

/** A morning of today at the first start; afterwards where the demo's time had come to, never earlier. */
async function firstInstant(home: string, now: Instant): Promise<Instant> {
  const stored = await readFile(join(home, 'demo-clock.json'), 'utf8').catch(() => null)
  if (stored !== null) return instant(clockSchema.parse(JSON.parse(stored)).epochMs)
  const zone = required(zoneNamed(ZONE), ZONE)
  const [morning = now] = instantsOfLocal(zone, localDay(zone, now), FIRST_MS)
  return instant(morning)
}
