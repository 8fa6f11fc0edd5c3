export { type Auth, type Oidc, openAuth, type SignedIn } from './auth.ts'
export { readAuthSecret } from './auth-secret.ts'
