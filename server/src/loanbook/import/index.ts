export { IMPORT_KINDS, type ImportKind } from './columns.ts'
export { ImportError } from './import-error.ts'
export { type ImportOptions, type ImportSummary, importFile } from './import-file.ts'
export {
  findImport,
  type ImportFilter,
  type ImportRow,
  listImports,
  listRejects,
  readRejectFile,
} from './import-report-store.ts'
