import { request } from '@dunlin/ui'

// The sign-in library's addresses, spoken to directly: its own client would weigh more than this page.

/** Whether a code is wanted after the password. */
export async function signInWithPassword(given: {
  email: string
  password: string
}): Promise<boolean> {
  const answer = await request<{ twoFactorRedirect?: boolean }>('POST', '/auth/sign-in/email', {
    body: given,
  })
  return answer.twoFactorRedirect === true
}

export async function verifyCode(code: string): Promise<void> {
  await request('POST', '/auth/two-factor/verify-totp', { body: { code } })
}

export function hasPasskeys(): boolean {
  return (
    typeof PublicKeyCredential !== 'undefined' &&
    'parseRequestOptionsFromJSON' in PublicKeyCredential
  )
}

/** The device proves who is there; nothing is typed. */
export async function signInWithPasskey(): Promise<void> {
  const asked = await request<PublicKeyCredentialRequestOptionsJSON>(
    'GET',
    '/auth/passkey/generate-authenticate-options',
    {},
  )
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked)
  const found = await navigator.credentials.get({ publicKey })
  if (!(found instanceof PublicKeyCredential)) throw new Error('no passkey was given')
  await request('POST', '/auth/passkey/verify-authentication', {
    body: { response: found.toJSON() },
  })
}
