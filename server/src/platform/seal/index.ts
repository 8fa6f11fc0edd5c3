export { createTestSealer, openSealer } from './key-file.ts'
export {
  createSealer,
  type HashKind,
  openWithKey,
  type Sealer,
  type SealKeys,
  sealWithKey,
} from './sealer.ts'
