export { type Applied, applySettings } from './apply-settings.ts'
export { type AccountRow, findApiKey, listAccounts } from './people-store.ts'
