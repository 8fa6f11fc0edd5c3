export { createTestSealer, openSealer } from './key-file.ts'
export {
  createSealer,
  type HashKind,
  openWith,
  type Sealer,
  type SealKeys,
  sealWithKey,
} from './sealer.ts'
