export { type Applied, applySettings } from './apply-settings.ts'
export { type AccountRow, findApiKey, listAccounts, SettingsError } from './people-store.ts'
