export { type Applied, applySettings } from './apply-settings.ts'
export {
  type AccountRow,
  findApiKey,
  listAccounts,
  readSettings,
  SettingsError,
} from './people-store.ts'
export {
  type AccountHealth,
  listStopped,
  resumeAccount,
  saveHealth,
  stopAccount,
} from './provider-store.ts'
