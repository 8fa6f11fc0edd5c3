export {
  aliveSince,
  type CheckContext,
  type EvidenceRefusal,
  EXPORT_MAX,
  measureExport,
  startCheck,
} from './check-evidence.ts'
export {
  type Checkpoint,
  countChain,
  type EvidenceCheck,
  findCheck,
  findLastOfLog,
  listCheckpoints,
  listChecks,
} from './check-store.ts'
