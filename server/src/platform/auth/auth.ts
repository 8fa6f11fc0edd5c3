import { passkey } from '@better-auth/passkey'
import { betterAuth } from 'better-auth'
import { genericOAuth, twoFactor } from 'better-auth/plugins'
import pg from 'pg'
import { ACCOUNT, PASSKEY, SESSION, TWO_FACTOR, USER, VERIFICATION } from './auth-tables.ts'

export type Oidc = {
  /** The provider's discovery document. */
  readonly discoveryUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

export type AuthOptions = {
  readonly databaseUrl: string
  /** Signs cookies and encrypts TOTP secrets. */
  readonly secret: string
  /** Addresses that the console is reached at; the first is the one that is printed. */
  readonly origins: readonly [string, ...string[]]
  /** Null: no sign-in through an identity provider. */
  readonly oidc: Oidc | null
}

export type SignedIn = {
  readonly userId: string
  readonly sessionId: string
  readonly name: string
  readonly email: string
  readonly hasTwoFactor: boolean
}

/** Sign-in of staff: who asks, and the addresses under `/auth` that the console talks to. */
export type Auth = {
  readonly handle: (request: Request) => Promise<Response>
  readonly whoIs: (headers: Headers) => Promise<SignedIn | null>
  /** Makes an account that signs in with a password; its id. Throws when the address is taken. */
  readonly createUser: (given: { email: string; name: string; password: string }) => Promise<string>
  /** Every browser of the account is signed out. */
  readonly setPassword: (userId: string, password: string) => Promise<void>
  /** Takes the one-time codes away and signs every browser out. */
  readonly removeTwoFactor: (userId: string) => Promise<void>
  readonly close: () => Promise<void>
}

const CONNECTIONS_MAX = 5
const SESSION_SECONDS = 12 * 60 * 60
const REFRESH_SECONDS = 60 * 60
const PASSWORD_CHARS_MIN = 12

/** Sign-in over the tables of the migration `staff-and-sign-in`, on connections of its own. */
export function openAuth(options: AuthOptions): Auth {
  const pool = new pg.Pool({
    connectionString: options.databaseUrl,
    max: CONNECTIONS_MAX,
    allowExitOnIdle: true,
  })
  // A connection lost while idle is replaced at the next use; the use itself reports what fails.
  pool.on('error', () => undefined)
  const auth = libraryOf(pool, options)
  return {
    handle: (request) => auth.handler(request),
    whoIs: async (headers) => {
      const found = await auth.api.getSession({ headers })
      if (found === null) return null
      const { user, session } = found
      return {
        userId: user.id,
        sessionId: session.id,
        name: user.name,
        email: user.email,
        hasTwoFactor: user.twoFactorEnabled === true,
      }
    },
    createUser: async ({ email, name, password }) => {
      const context = await auth.$context
      const user = await context.internalAdapter.createUser(
        {
          email: email.toLowerCase(),
          name,
          emailVerified: true,
        },
        { method: 'admin' },
      )
      await context.internalAdapter.linkAccount({
        userId: user.id,
        providerId: 'credential',
        accountId: user.id,
        password: await context.password.hash(password),
      })
      return user.id
    },
    setPassword: async (userId, password) => {
      const context = await auth.$context
      await context.internalAdapter.updatePassword(userId, await context.password.hash(password))
      await context.internalAdapter.deleteUserSessions(userId)
    },
    removeTwoFactor: async (userId) => {
      const context = await auth.$context
      const where = [{ field: 'userId', value: userId }]
      await context.adapter.deleteMany({ model: 'twoFactor', where })
      await context.internalAdapter.updateUser(userId, { twoFactorEnabled: false })
      await context.internalAdapter.deleteUserSessions(userId)
    },
    close: () => pool.end(),
  }
}

/** Nobody signs up: accounts are made by an administrator, and OIDC admits addresses that have one. */
function libraryOf(pool: pg.Pool, { secret, origins, oidc }: AuthOptions) {
  return betterAuth({
    appName: 'Dunlin',
    database: pool,
    secret,
    baseURL: origins[0],
    basePath: '/auth',
    trustedOrigins: [...origins],
    telemetry: { enabled: false },
    // A session and its person in one question: every request asks it.
    advanced: { database: { joins: true } },
    user: USER,
    session: { ...SESSION, expiresIn: SESSION_SECONDS, updateAge: REFRESH_SECONDS },
    account: { ...ACCOUNT, accountLinking: { enabled: true, trustedProviders: ['oidc'] } },
    verification: VERIFICATION,
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_CHARS_MIN,
    },
    plugins: [
      twoFactor({ issuer: 'Dunlin', schema: TWO_FACTOR }),
      passkey({ rpName: 'Dunlin', rpID: new URL(origins[0]).hostname, schema: PASSKEY }),
      genericOAuth({
        config:
          oidc === null
            ? []
            : [
                {
                  providerId: 'oidc',
                  ...oidc,
                  scopes: ['openid', 'email', 'profile'],
                  pkce: true,
                  disableSignUp: true,
                },
              ],
      }),
    ],
    logger: { disabled: true },
  })
}
