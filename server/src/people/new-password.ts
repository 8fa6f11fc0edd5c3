import { randomBytes } from 'node:crypto'

const PASSWORD_BYTES = 12

/** A password to be told once, of 96 random bits. */
export function newPassword(): string {
  return randomBytes(PASSWORD_BYTES).toString('base64url')
}
