export { type CopyValue, copyLine } from './copy-text.ts'
export type { Database, DatabaseOptions, Sql, SqlValue, Tx } from './database.ts'
export { openDatabase } from './database.ts'
export { migrate } from './migrate.ts'
