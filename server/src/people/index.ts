export { addStaff, type StaffGiven } from './add-staff.ts'
export { type Applied, applySettings } from './apply-settings.ts'
export { guardSignIn, type SignInGuard } from './guard-sign-in.ts'
export { newPassword } from './new-password.ts'
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
export {
  findStaff,
  listPlaces,
  listStaff,
  listStaffUse,
  type Staff,
  setDisabled,
  unknownPlaces,
  updateLanguage,
  updatePost,
} from './staff-store.ts'
