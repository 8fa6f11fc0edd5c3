import { join, resolve } from 'node:path'
import { z } from 'zod'
import { readEnv } from './env.ts'

/** Every setting of the environment: name, shape, default, and what it is for. */
const SETTINGS = {
  DATABASE_URL: z
    .string()
    .startsWith('postgres')
    .optional()
    .describe('PostgreSQL ≥ 16; absent: the embedded server'),
  DUNLIN_HOME: z
    .string()
    .default('.dunlin')
    .describe('folder of keys, rejects, evidence heads, and the embedded database'),
  DUNLIN_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('port of the API and the page'),
  DUNLIN_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('address the API listens on; a demo always uses 127.0.0.1'),
  DUNLIN_PUBLIC_URL: z
    .url()
    .optional()
    .describe('where borrowers reach us, for unsubscribe addresses; absent: the API’s own address'),
  DUNLIN_MAIL_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(2526)
    .describe('port of the inbound mail listener'),
  DUNLIN_SANDBOX_PORTS: z
    .string()
    .regex(/^\d{1,5},\d{1,5},\d{1,5}(,\d{1,5})?$/)
    .default('2775,2525,2580,2590')
    .describe(
      'ports of the sandbox beside a demo: SMPP, SMTP, clock and control, WeChat Pay (2590 when left out); read at its first start',
    ),
  DUNLIN_CLOCK_URL: z.url().optional().describe('clock of the sandbox; followed in a demo only'),
  DUNLIN_WEBHOOKS_PRIVATE: z
    .enum(['true', 'false'])
    .default('false')
    .describe('whether webhooks may go over plain HTTP and to addresses inside the house'),
  DUNLIN_TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((list) => list.split(',').flatMap((each) => each.trim() || []))
    .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])))
    .describe(
      'addresses and networks, by commas, of proxies whose X-Forwarded-For is believed: limits and sign-ins then count the visitor’s own address',
    ),
  DUNLIN_OIDC_DISCOVERY_URL: z
    .url()
    .optional()
    .describe(
      'discovery document of the identity provider that staff may sign in with; with the two below',
    ),
  DUNLIN_OIDC_CLIENT_ID: z.string().optional().describe('our id at the identity provider'),
  DUNLIN_OIDC_CLIENT_SECRET: z.string().optional().describe('our secret at the identity provider'),
  DUNLIN_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('least level of log lines'),
} as const

const WECHAT_PAY_PORT = 2590

export type Config = {
  readonly databaseUrl: string | null
  readonly home: string
  readonly port: number
  readonly host: string
  readonly publicUrl: string | null
  readonly mailPort: number
  readonly sandboxPorts: {
    readonly smpp: number
    readonly smtp: number
    readonly control: number
    readonly 'wechat-pay': number
  }
  readonly clockUrl: string | null
  readonly webhooksPrivate: boolean
  readonly trustedProxies: readonly string[]
  /** Null: staff sign in with a password or a passkey only. */
  readonly oidc: {
    readonly discoveryUrl: string
    readonly clientId: string
    readonly clientSecret: string
  } | null
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/** Reads and checks the environment; throws one error that lists every problem. */
export function readConfig(): Config {
  const given = Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, readEnv(name)]))
  const parsed = z.object(SETTINGS).safeParse(given)
  if (!parsed.success) throw new Error(`configuration: ${z.prettifyError(parsed.error)}`)
  const env = parsed.data
  const ports = env.DUNLIN_SANDBOX_PORTS.split(',').map(Number)
  const [smpp = 0, smtp = 0, control = 0, wechatPay = WECHAT_PAY_PORT] = ports
  return Object.freeze({
    databaseUrl: env.DATABASE_URL ?? null,
    home: resolve(env.DUNLIN_HOME),
    port: env.DUNLIN_PORT,
    host: env.DUNLIN_HOST,
    publicUrl: env.DUNLIN_PUBLIC_URL ?? null,
    mailPort: env.DUNLIN_MAIL_PORT,
    sandboxPorts: { smpp, smtp, control, 'wechat-pay': wechatPay },
    clockUrl: env.DUNLIN_CLOCK_URL ?? null,
    webhooksPrivate: env.DUNLIN_WEBHOOKS_PRIVATE === 'true',
    trustedProxies: env.DUNLIN_TRUSTED_PROXIES,
    oidc: oidcOf(env),
    logLevel: env.DUNLIN_LOG_LEVEL,
  })
}

/** All three, or none: half a provider signs nobody in. */
function oidcOf(env: {
  DUNLIN_OIDC_DISCOVERY_URL?: string | undefined
  DUNLIN_OIDC_CLIENT_ID?: string | undefined
  DUNLIN_OIDC_CLIENT_SECRET?: string | undefined
}): Config['oidc'] {
  const discoveryUrl = env.DUNLIN_OIDC_DISCOVERY_URL
  const clientId = env.DUNLIN_OIDC_CLIENT_ID
  const clientSecret = env.DUNLIN_OIDC_CLIENT_SECRET
  if (discoveryUrl !== undefined && clientId !== undefined && clientSecret !== undefined)
    return { discoveryUrl, clientId, clientSecret }
  if ([discoveryUrl, clientId, clientSecret].every((value) => value === undefined)) return null
  throw new Error('configuration: the three DUNLIN_OIDC_ settings go together')
}

/** Files under the home folder. */
export function homePaths(home: string): {
  readonly sealKeys: string
  readonly evidenceKey: string
  readonly authSecret: string
  readonly heads: string
  readonly rejects: string
  readonly runtime: string
  readonly demo: string
} {
  return {
    sealKeys: join(home, 'keys/seal.json'),
    evidenceKey: join(home, 'keys/evidence.pem'),
    authSecret: join(home, 'keys/auth.key'),
    heads: join(home, 'evidence/heads.jsonl'),
    rejects: join(home, 'rejects'),
    runtime: join(home, 'runtime.json'),
    demo: join(home, 'demo'),
  }
}

/** The reference page of the settings, made from the list above. */
export function configurationPage(): string {
  const rows = Object.entries(SETTINGS).map(([name, schema]) => {
    const fallback: unknown = schema.safeParse(undefined).data
    return `| \`${name}\` | ${fallback === undefined ? '–' : `\`${String(fallback)}\``} | ${schema.description ?? ''} |`
  })
  return `# Configuration\n\nMade from \`server/src/platform/config/config.ts\`; do not edit.\n\n| variable | default | meaning |\n| --- | --- | --- |\n${rows.join('\n')}\n`
}
