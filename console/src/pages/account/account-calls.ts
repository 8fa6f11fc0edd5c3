import { request } from '@dunlin/ui'

// What somebody does about their own account: spoken to the sign-in library directly, as when signing in.

export type Session = {
  readonly id: string
  readonly token: string
  readonly createdAt: string
  readonly ipAddress?: string | null
  readonly userAgent?: string | null
}
export type Passkey = {
  readonly id: string
  readonly name?: string | null
  readonly createdAt: string
}

export function listSessions(signal: AbortSignal): Promise<Session[]> {
  return request('GET', '/auth/list-sessions', { signal })
}

export async function endSession(token: string): Promise<void> {
  await request('POST', '/auth/revoke-session', { body: { token } })
}

export async function endOtherSessions(): Promise<void> {
  await request('POST', '/auth/revoke-other-sessions', {})
}

export async function changePassword(given: { old: string; next: string }): Promise<void> {
  const body = {
    currentPassword: given.old,
    newPassword: given.next,
    revokeOtherSessions: true,
  }
  await request('POST', '/auth/change-password', { body })
}

/** The secret for the authenticator, and codes for the day when it is lost. Not in force before a code was shown. */
export function beginCodes(
  password: string,
): Promise<{ readonly totpURI: string; readonly backupCodes: readonly string[] }> {
  return request('POST', '/auth/two-factor/enable', { body: { password } })
}

export async function confirmCodes(code: string): Promise<void> {
  await request('POST', '/auth/two-factor/verify-totp', { body: { code } })
}

export async function endCodes(password: string): Promise<void> {
  await request('POST', '/auth/two-factor/disable', { body: { password } })
}

export function listPasskeys(signal: AbortSignal): Promise<Passkey[]> {
  return request('GET', '/auth/passkey/list-user-passkeys', { signal })
}

export async function addPasskey(): Promise<void> {
  const asked = await request<PublicKeyCredentialCreationOptionsJSON>(
    'GET',
    '/auth/passkey/generate-register-options',
    {},
  )
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked)
  const made = await navigator.credentials.create({ publicKey })
  if (!(made instanceof PublicKeyCredential)) throw new Error('no passkey was made')
  await request('POST', '/auth/passkey/verify-registration', {
    body: { response: made.toJSON() },
  })
}

export async function dropPasskey(id: string): Promise<void> {
  await request('POST', '/auth/passkey/delete-passkey', { body: { id } })
}
